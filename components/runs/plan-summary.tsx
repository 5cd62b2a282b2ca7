import { dollars, duration, whole } from "#components/format.ts";
import { Facts } from "#components/ui/facts.tsx";
import type { PlanResponse } from "#lib/pipeline/api.ts";

/** The plan's totals, and its warnings. */
export function PlanSummary({ response }: { response: PlanResponse }) {
  const { plan, estimated_seconds } = response;
  const stages = plan.traits.flatMap((trait) => trait.stages);
  const estimate = stages.some((stage) => stage.will_run && stage.estimate);
  const facts = [
    ["Stages to run", whole(stages.filter((stage) => stage.will_run).length)],
    ["Model rows", `${estimate ? "up to " : ""}${whole(plan.model_rows)}`],
    [
      "Judge calls",
      `${estimate ? "up to " : ""}${whole(plan.judge_calls.to_do)} (${whole(plan.judge_calls.cached)} cached)`,
    ],
    ["Cost", dollars(plan.estimated_cost_usd)],
    ["Time", estimated_seconds === null ? "not measured yet" : `about ${duration(estimated_seconds)}`],
  ] as const;
  return (
    <div className="space-y-2">
      <Facts
        facts={facts}
        className="grid-cols-2 gap-x-6 gap-y-1 rounded-md bg-raised p-3 text-sm sm:grid-cols-5"
      />
      {plan.warnings.length > 0 && (
        <ul className="list-disc space-y-0.5 pl-5 text-sm text-warn">
          {plan.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
