import { moment, whole } from "#components/format.ts";
import { Badge } from "#components/ui/badge.tsx";
import type { PlanStage, RunPlan } from "#lib/pipeline/contract.ts";
import { stageNames } from "#lib/pipeline/stages.ts";
import { planLooks, stageHints, stageTitles } from "./states.ts";

/** Stage × trait: what is done, what a changed input made stale, what is still to do. */
export function StageMatrix({ plan }: { plan: RunPlan }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="overflow-x-auto" tabIndex={0} aria-label="Stages by trait, scrollable">
      <table className="w-full min-w-[760px] text-sm">
        <caption className="sr-only">Stages by trait</caption>
        <thead>
          <tr>
            <th scope="col" className="border-b p-2 text-left font-medium">
              Trait
            </th>
            {stageNames.map((stage, number) => (
              <th
                key={stage}
                scope="col"
                title={stageHints[stage]}
                className="border-b p-2 text-left font-medium"
              >
                <span className="text-muted">{number}</span> {stageTitles[stage]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {plan.traits.map(({ trait, pairs, questions, stages, error }) => (
            <tr key={trait}>
              <th scope="row" className="border-b p-2 text-left font-medium">
                {trait}
                <span className="block font-normal text-muted text-xs">
                  {whole(pairs)} pairs · {whole(questions)} questions
                </span>
              </th>
              {error === undefined ? (
                stageNames.map((name) => (
                  <td key={name} className="border-b p-2 align-top">
                    <StageCell stage={stages.find(({ stage }) => stage === name)} />
                  </td>
                ))
              ) : (
                <td colSpan={stageNames.length} className="border-b p-2 align-top text-warn">
                  {error}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function StageCell({ stage }: { stage: PlanStage | undefined }) {
  if (!stage) return <span className="text-muted">–</span>;
  const { mark, word, tone } = planLooks[stage.state];
  const { finished, total } = stage.items;
  return (
    <div title={stage.reason ?? (stage.completed_at ? `finished ${moment(stage.completed_at)}` : undefined)}>
      <Badge tone={tone}>
        <span aria-hidden>{mark}</span> {word}
      </Badge>
      {stage.state !== "done" && stage.state !== "skipped" && finished > 0 && (
        <span className="block text-muted text-xs">
          {whole(finished)} of {whole(total)} kept
        </span>
      )}
    </div>
  );
}
