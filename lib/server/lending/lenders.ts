import type { Lender } from "#lib/engine/lending/messages.ts";

/** Who has been heard of lately, by run. */
export class Lenders {
  readonly #seen = new Map<string, { runId: string; lender: Lender; at: number }>();
  readonly #refused = new Set<string>();
  readonly #remembered: number;

  /** @param remembered milliseconds after which a silent lender counts as gone */
  constructor(remembered: number) {
    this.#remembered = remembered;
  }

  seen(runId: string, lender: Lender, now: Date): void {
    this.#seen.set(lender.id, { runId, lender, at: now.getTime() });
  }

  present(runId: string, now: Date): Lender[] {
    const oldest = now.getTime() - this.#remembered;
    for (const [id, { at }] of this.#seen) if (at < oldest) this.#forget(id);
    return [...this.#seen.values()].filter((entry) => entry.runId === runId).map(({ lender }) => lender);
  }

  /** Remembers that a lender was turned away; true the first time. */
  refuse({ id }: Lender): boolean {
    if (this.#refused.has(id)) return false;
    this.#refused.add(id);
    return true;
  }

  #forget(id: string): void {
    this.#seen.delete(id);
    this.#refused.delete(id);
  }
}
