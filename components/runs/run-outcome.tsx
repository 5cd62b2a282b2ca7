import Link from "next/link";
import { decimal, percent, signed } from "#components/format.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { qualityFloors } from "#lib/core/thresholds.ts";
import type { RunResult } from "#lib/pipeline/contract.ts";

type TraitOutcome = RunResult["traits"][number];

/** What the run found, trait by trait, each figure beside the floor it is held to. */
export function RunOutcome({ experiment, result }: { experiment: string; result: RunResult }) {
  return (
    <Card
      title="What came out"
      hint="A figure below its floor is marked; the report says what to do about it."
      actions={
        <>
          <Link
            className="text-accent text-sm underline underline-offset-2"
            href={`/experiments/${experiment}/vectors`}
          >
            Vectors
          </Link>
          <Link
            className="text-accent text-sm underline underline-offset-2"
            href={`/experiments/${experiment}/steering`}
          >
            Steering
          </Link>
          <Link
            className="text-accent text-sm underline underline-offset-2"
            href={`/experiments/${experiment}/report`}
          >
            Report
          </Link>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="overflow-x-auto" tabIndex={0} aria-label="Results by trait, scrollable">
        <table className="w-full min-w-[820px] text-sm">
          <caption className="sr-only">Results by trait</caption>
          <thead>
            <tr>
              {[
                "Trait",
                "Scenarios passed",
                `Responses passed (≥ ${percent(qualityFloors.responsePassRate)})`,
                "Best vector",
                "Held-out accuracy, AUROC",
                `Steering delta (≥ ${qualityFloors.steeringDelta} points)`,
                `Coherence (≥ ${qualityFloors.steeringCoherence})`,
                "Random vectors",
              ].map((title) => (
                <th key={title} scope="col" className="border-b p-2 text-left align-bottom font-medium">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {result.traits.map((trait) => (
              <OutcomeRow key={trait.trait} outcome={trait} />
            ))}
          </tbody>
        </table>
      </section>
      {result.warnings.length > 0 && (
        <ul className="mt-3 list-disc space-y-0.5 pl-5 text-sm text-warn">
          {result.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function OutcomeRow({ outcome }: { outcome: TraitOutcome }) {
  const { best, steering } = outcome;
  const outsideBand =
    steering !== null &&
    (steering.delta > steering.random_band.high || steering.delta < steering.random_band.low);
  return (
    <tr className="[&>td]:border-b [&>td]:p-2">
      <th scope="row" className="border-b p-2 text-left font-medium">
        {outcome.trait}
        {outcome.error && <span className="block font-normal text-bad text-xs">{outcome.error}</span>}
      </th>
      <td>{percent(outcome.scenario_pass_rate)}</td>
      <td>
        <Figure
          text={percent(outcome.response_pass_rate)}
          ok={
            outcome.response_pass_rate === null
              ? null
              : outcome.response_pass_rate >= qualityFloors.responsePassRate
          }
        />
      </td>
      <td>{best ? `${best.method}, layer ${best.layer}` : "–"}</td>
      <td>{best ? `${percent(best.val_accuracy)}, ${decimal(best.val_auroc, 3)}` : "–"}</td>
      <td>
        {steering ? (
          <>
            <Figure text={signed(steering.delta)} ok={steering.delta >= qualityFloors.steeringDelta} />
            <span className="block text-muted text-xs">
              95 % CI {signed(steering.delta_ci[0])} to {signed(steering.delta_ci[1])} · {steering.method},
              layer {steering.layer}, ratio {decimal(steering.coef_ratio)}
            </span>
          </>
        ) : (
          "–"
        )}
      </td>
      <td>
        {steering ? (
          <Figure
            text={decimal(steering.coherence, 0)}
            ok={steering.coherence >= qualityFloors.steeringCoherence}
          />
        ) : (
          "–"
        )}
      </td>
      <td>
        {steering ? (
          <>
            {signed(steering.random_band.low)} to {signed(steering.random_band.high)}
            <span className="block text-muted text-xs">
              {outsideBand ? "delta is outside" : "delta is inside"} · n = {steering.random_band.n}
            </span>
          </>
        ) : (
          "–"
        )}
      </td>
    </tr>
  );
}

function Figure({ text, ok }: { text: string; ok: boolean | null }) {
  if (ok === null) return <>{text}</>;
  return (
    <span className="inline-flex items-center gap-1.5">
      {text} <Badge tone={ok ? "good" : "warn"}>{ok ? "✓ meets" : "! below"}</Badge>
    </span>
  );
}
