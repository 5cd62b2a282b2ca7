import { dollars, whole } from "#components/format.ts";
import { Card } from "#components/ui/card.tsx";
import { Facts } from "#components/ui/facts.tsx";
import type { CaaPlan } from "#lib/caa/plan.ts";

/** What a build would take: an estimate, made without asking anybody. */
export function PlanCard({ plan }: { plan: CaaPlan }) {
  const { calls, tokens, rows, samples, characters, personalities, rejected } = plan;
  const total = calls.words + calls.descriptions + calls.reactions;
  const leftOut = Object.entries(rejected);
  const facts = [
    ["Datasets", whole(personalities.length)],
    ["Samples each, at most", samples === null ? "not known yet" : whole(samples)],
    ["Characters", whole(characters)],
    ["Calls", `${whole(total)} (${whole(calls.reactions)} reactions)`],
    ["Tokens, about", whole(tokens.prompt + tokens.completion)],
    ["Cost, about", dollars(plan.cost_usd)],
  ] as const;
  return (
    <Card
      title="Before the start"
      hint={`${plan.dataset}, prompts ${plan.prompts}, ${plan.models.join(", ")}`}
    >
      <Facts facts={facts} className="grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-6" />
      <p className="mt-2 text-muted text-sm">
        {rows.all
          ? `All ${whole(rows.read)} rows were looked at`
          : `${whole(rows.read)} rows were looked at${rows.total === null ? "" : ` of ${whole(rows.total)}`}`}
        {leftOut.length > 0 &&
          `; left out: ${leftOut.map(([reason, count]) => `${reason} (${whole(count)})`).join(", ")}`}
        .
      </p>
    </Card>
  );
}
