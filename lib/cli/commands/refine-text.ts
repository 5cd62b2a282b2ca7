import type { RefineryEstimate } from "#lib/refinery/api.ts";
import type { JoinCounts } from "#lib/refinery/join.ts";
import type { RefineryStats } from "#lib/refinery/stats.ts";
import { table } from "../output.ts";

/** What a start would do, for a person. */
export function estimateText(estimate: RefineryEstimate): string {
  const { join, calls, prompt_tokens, longest_prompt_tokens, completion_tokens_at_most } = estimate;
  const cost = estimate.cost_usd_at_most;
  return [
    joinText(join as JoinCounts),
    "",
    table(
      ["calls", "n"],
      Object.entries(calls).map(([name, n]) => [name, n]),
    ),
    "",
    `prompt tokens, about  ${prompt_tokens} (longest ${longest_prompt_tokens})`,
    `answer tokens, at most  ${completion_tokens_at_most}`,
    `cost, at most  ${cost === null ? "unknown: the model has no known price" : `$${cost.toFixed(4)}`}`,
    ...estimate.unreadable.map((line) => `left out: ${line}`),
  ].join("\n");
}

/** What the dataset holds now. */
export function resultText(
  { summary, rejection_reasons, gate_pass_rates, skipped }: RefineryStats,
  join: JoinCounts,
  folder: string,
): string {
  const rate = summary.acceptance_rate_pct === null ? "" : ` (${summary.acceptance_rate_pct} %)`;
  return [
    `accepted  ${summary.accepted} of ${summary.total_attempted}${rate}`,
    ...(summary.rejected === 0 ? [] : [`rejected  ${summary.rejected}`]),
    ...Object.entries(rejection_reasons)
      .sort(([, a], [, b]) => b - a)
      .map(([reason, n]) => `  ${reason}  ${n}`),
    ...Object.entries(gate_pass_rates).map(
      ([gate, { passed, evaluated }]) => `gate ${gate}  ${passed} of ${evaluated} passed`,
    ),
    `skipped  ${skipped.critique_reject} rejected by their critique, ${skipped.missing_inputs} without a draft, ${skipped.resume} done before`,
    ...oddities(join),
    folder,
  ].join("\n");
}

function joinText(join: JoinCounts): string {
  const { skipped } = join;
  return [
    `${join.planned} planned: ${join.to_refine} to refine, ${skipped.resume} done before, ${skipped.critique_reject} rejected by their critique, ${skipped.missing_inputs} without a draft, ${join.left} left`,
    ...oddities(join),
  ].join("\n");
}

function oddities({ unreadable, duplicates, unmatched, missing_critique }: JoinCounts): string[] {
  const files = (counts: Record<string, number>) =>
    Object.entries(counts).flatMap(([file, n]) => (n > 0 ? [`${n} in ${file}`] : []));
  const line = (what: string, told: string[]) => (told.length > 0 ? [`${what}: ${told.join(", ")}`] : []);
  return [
    ...line("lines that cannot be read", files(unreadable)),
    ...line("ids there twice (the first counts)", files(duplicates)),
    ...line("ids that the plan does not have", files(unmatched)),
    ...(missing_critique > 0 ? [`refined without a critique: ${missing_critique}`] : []),
  ];
}
