import type { Polarity } from "#lib/core/names.ts";
import type { Verdict } from "#lib/core/thresholds.ts";
import type { VettingKind } from "#lib/pipeline/human-labels.ts";
import { effectiveVerdict } from "#lib/pipeline/vetting.ts";
import { lineFailure, type VettedLine } from "#lib/pipeline/vetting-view.ts";
import type { LineScore } from "../pair-editor/scores.ts";

const verdicts: Record<Verdict, LineScore["verdict"]> = {
  pass: "passed",
  fail: "failed",
  ambiguous: "ambiguous",
  error: "error",
};

/** The scores of one kind for the editor's gutter, by side and line. */
export function gutterScores(
  lines: readonly VettedLine[],
  kind: VettingKind,
): Record<Polarity, Map<number, LineScore>> {
  const sides = { positive: new Map<number, LineScore>(), negative: new Map<number, LineScore>() };
  for (const line of lines) {
    const result = line[kind];
    if (!result) continue;
    const { score, verdict, human_verdict, human_score } = result;
    const failure = lineFailure(line, kind);
    const judged = score === null ? "the judge gave no score" : `judge ${Math.round(score)} (${verdict})`;
    const own = human_verdict
      ? `you: ${human_verdict}${human_score == null ? "" : ` (${human_score})`}; `
      : "";
    sides[line.polarity].set(line.line, {
      score: human_score ?? score,
      verdict: verdicts[effectiveVerdict(result)],
      human: Boolean(human_verdict),
      title: `${kind}: ${own}${judged}${failure ? `; ${failure}` : ""}`,
    });
  }
  return sides;
}
