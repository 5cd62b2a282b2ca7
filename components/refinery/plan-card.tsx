import { dollars, whole } from "#components/format.ts";
import { Card } from "#components/ui/card.tsx";
import { Facts } from "#components/ui/facts.tsx";
import type { RefineryEstimate } from "#lib/refinery/api.ts";

/** What a build would do: counts of the join, calls and cost, made without asking anybody. */
export function PlanCard({ plan }: { plan: RefineryEstimate }) {
  const { join, calls, prompt_tokens, completion_tokens_at_most, cost_usd_at_most, unreadable } = plan;
  const total = calls.plan + calls.drafts + calls.critiques + calls.refine;
  const facts = [
    ["Planned", `${whole(join.planned)} records`],
    ["To refine", whole(join.to_refine)],
    ["Calls", whole(total)],
    ["Prompt tokens, about", whole(prompt_tokens)],
    ["Answer tokens, at most", whole(completion_tokens_at_most)],
    ["Cost, at most", dollars(cost_usd_at_most)],
  ] as const;
  const odd = oddities(plan);
  return (
    <Card
      title="Before the start"
      hint={`${whole(calls.plan)} calls for the plan, ${whole(calls.drafts)} for drafts, ${whole(calls.critiques)} for critiques, ${whole(calls.refine)} to refine`}
    >
      <Facts facts={facts} className="grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-6" />
      <p className="mt-2 text-muted text-sm">
        {odd.length === 0 ? "Every record has all that it needs." : `${odd.join("; ")}.`}
      </p>
      {unreadable.length > 0 && (
        <ul className="mt-2 space-y-1 text-sm text-warn">
          {unreadable.map((line) => (
            <li key={line} className="break-words">
              {line}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function oddities({ join }: RefineryEstimate): string[] {
  const { skipped, duplicates, unreadable, unmatched, missing_critique, left } = join;
  const counts: [number, string][] = [
    [skipped.missing_inputs, "without a draft"],
    [skipped.critique_reject, "rejected by their critique"],
    [missing_critique, "refined without a critique"],
    [skipped.resume, "done before"],
    [left, "left for later by the limit"],
    [duplicates.plan + duplicates.drafts + duplicates.critiques, "with an id that is there twice"],
    [unmatched.drafts + unmatched.critiques, "drafts or critiques of no planned record"],
    [unreadable.plan + unreadable.drafts + unreadable.critiques, "lines that cannot be read"],
  ];
  return counts.flatMap(([n, what]) => (n > 0 ? [`${what}: ${whole(n)}`] : []));
}
