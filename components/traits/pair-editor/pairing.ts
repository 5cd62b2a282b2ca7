import { type Polarity, polarities } from "#lib/core/names.ts";
import type { Finding } from "#lib/traits/lint/finding.ts";

/** Lines that lack a partner. Only the editor sees it: blank lines are ignored when a file is read. */
export const PAIRING = "pairing";

/** Lines that stand side by side but are not read as a pair, because a blank line on one side is ignored. */
export function pairingFindings(sides: Record<Polarity, readonly string[]>): Finding[] {
  const blank = (side: Polarity, at: number) => (sides[side][at] ?? "").trim() === "";
  const lengths = polarities.map((side) => sides[side].findLastIndex((_, at) => !blank(side, at)) + 1);
  const findings: Finding[] = [];
  for (let at = 0; at < Math.min(...lengths); at++) {
    const empty = polarities.filter((side) => blank(side, at));
    const [polarity] = empty;
    if (polarity === undefined || empty.length === 2) continue;
    findings.push({
      lint: PAIRING,
      severity: "warning",
      polarity,
      index: null,
      line: at + 1,
      message: "Blank, but its partner is not: blank lines are ignored, so every pair below shifts by one.",
      remedy: "Write the missing partner, or remove the blank line so that the lines below move up.",
    });
  }
  return findings;
}
