import { whole } from "#components/format.ts";
import { Badge } from "#components/ui/badge.tsx";
import { classNames } from "#components/ui/class-names.ts";
import type { PlannedPair } from "#lib/traits/import/plan.ts";
import type { ScenarioContent } from "#lib/traits/scenario.ts";

const SHOWN = 50;
const marks = {
  exact: "there already",
  similar: "there but for capitals and spaces",
  half: "no partner",
};

/** The pairs as they would be taken. */
export function PairPreview({ plan }: { plan: readonly PlannedPair[] }) {
  return (
    <div>
      <p className="mb-1 font-medium text-sm">
        {plan.length > SHOWN ? `The first ${SHOWN} of ${whole(plan.length)}` : "What was read"}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="max-h-80 overflow-y-auto border" tabIndex={0} aria-label="Preview, scrollable">
        <ol className="divide-y text-sm" aria-label="Preview">
          {plan.slice(0, SHOWN).map(({ pair, mark, taken }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a pair is what stands at its place
            <li key={at} className="flex gap-3 px-3 py-1.5">
              <span className="w-6 shrink-0 text-right text-muted text-xs tabular-nums leading-5">
                {at + 1}
              </span>
              <div className="min-w-0 flex-1 space-y-0.5">
                <Half sign="+" side="positive" scenario={pair.positive} taken={taken} />
                <Half sign="−" side="negative" scenario={pair.negative} taken={taken} />
                {mark && (
                  <Badge tone={taken ? "neutral" : "warn"}>
                    {marks[mark]}
                    {!taken && ": left out"}
                  </Badge>
                )}
              </div>
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}

interface HalfProps {
  sign: string;
  side: "positive" | "negative";
  scenario: ScenarioContent | null;
  taken: boolean;
}

function Half({ sign, side, scenario, taken }: HalfProps) {
  if (!scenario) return null;
  return (
    <div className="flex gap-2">
      <span
        className={classNames(
          "shrink-0 font-semibold",
          side === "positive" ? "text-positive" : "text-negative",
        )}
      >
        {sign}
      </span>
      <div className={classNames("min-w-0 break-words", !taken && "text-muted line-through")}>
        {scenario.system_prompt !== undefined && (
          <p className="line-clamp-2 text-muted text-xs">System: {scenario.system_prompt}</p>
        )}
        <p className="line-clamp-3 whitespace-pre-wrap font-mono text-xs leading-5">{scenario.prompt}</p>
      </div>
    </div>
  );
}
