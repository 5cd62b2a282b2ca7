import { whole } from "#components/format.ts";
import type { VettingFigures } from "#lib/pipeline/vetting-live.ts";
import type { VettedLine } from "#lib/pipeline/vetting-view.ts";

/** Pairs that vetting says something about, and that a vector can rest on (product.md section 2). */
export const enoughPairs = { toVet: 15, toShip: 100 } as const;

/** Lines of both sides that stand at the same place. */
export function pairsOf(lines: readonly VettedLine[]): number {
  return lines.filter(({ polarity, partner }) => polarity === "positive" && partner !== null).length;
}

/** How many pairs are still to be written, in words; null where there are enough. */
export function missingPairs(pairs: number): string | null {
  const { toVet, toShip } = enoughPairs;
  const count = `${whole(pairs)} ${pairs === 1 ? "pair" : "pairs"}`;
  if (pairs < toVet)
    return `${count}: write ${whole(toVet - pairs)} more before vetting says much (${toVet}), ${whole(toShip - pairs)} more before a vector can rest on them (${toShip}).`;
  if (pairs < toShip)
    return `${count}: ${whole(toShip - pairs)} more before a vector can rest on them (${toShip}).`;
  return null;
}

/** What the button of a kind says. */
export function vetLabel(action: string, { lines, open }: Pick<VettingFigures, "lines" | "open">): string {
  return open > 0 && open < lines ? `Re-vet ${whole(open)} changed` : action;
}

/** Where what a run refuses is mended: in the trait's own texts, or in the judge's settings. */
export function remedyOf(message: string): "write" | "judge" | null {
  if (/datasets\/traits\/|\.(txt|jsonl)\b/.test(message)) return "write";
  return /\bjudge\b|\bAPI key\b/i.test(message) ? "judge" : null;
}
