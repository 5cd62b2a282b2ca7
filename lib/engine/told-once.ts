import type { EngineCallOptions } from "./contract.ts";

type OnToken = NonNullable<EngineCallOptions["onToken"]>;

/** A listener for several attempts at one call: what a later attempt repeats is told once. */
export function toldOnce(onToken: OnToken): { restart(): void; onToken: OnToken } {
  const told = new Map<number, number>();
  let repeated = new Map<number, number>();
  return {
    restart() {
      repeated = new Map();
    },
    onToken(row, ...rest) {
      const count = (repeated.get(row) ?? 0) + 1;
      repeated.set(row, count);
      if (count <= (told.get(row) ?? 0)) return;
      told.set(row, count);
      onToken(row, ...rest);
    },
  };
}
