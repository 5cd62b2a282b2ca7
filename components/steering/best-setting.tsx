import { decimal, signed } from "#components/format.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { qualityFloors } from "#lib/core/thresholds.ts";
import type { SteeringFile } from "#lib/pipeline/results.ts";
import { choiceOf, verdictsOf } from "#lib/pipeline/steering-view.ts";
import { ChatButton } from "./chat-button.tsx";

/** The best coherent setting and what may be claimed of it; or plainly that there is none. */
export function BestSetting({ experiment, file }: { experiment: string; file: SteeringFile }) {
  const { best, baseline } = file;
  const { chosen: setting } = choiceOf(file);
  if (!best || !setting) {
    return (
      <Card title="No setting was measured">
        Every judgement of this sweep failed; see the run's failed items.
      </Card>
    );
  }
  const enough = best.coherent && best.delta >= qualityFloors.steeringDelta;
  return (
    <Card
      title={
        best.coherent
          ? `Best: ${best.method}, layer ${best.layer}, ratio ${decimal(best.coef_ratio)}`
          : `No coherent setting; the most coherent is ${best.method}, layer ${best.layer}, ratio ${decimal(best.coef_ratio)}`
      }
      hint="What the vector does to the answers at this setting, beside what is held against it."
      actions={
        <>
          <Badge tone={enough ? "good" : "warn"}>
            {enough ? "✓" : "!"} delta {signed(best.delta)} (floor {qualityFloors.steeringDelta})
          </Badge>
          {verdictsOf(setting).map(({ ok, text }) => (
            <Badge key={text} tone={ok ? "good" : "warn"}>
              {ok ? "✓" : "!"} {text}
            </Badge>
          ))}
          <ChatButton experiment={experiment} trait={file.trait} setting={setting} />
        </>
      }
    >
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2 text-sm md:grid-cols-5">
        <Fact
          name="Trait score"
          value={`${decimal(baseline.trait_mean, 1)} → ${decimal(setting.traitMean, 1)}`}
        />
        <Fact
          name="Delta (95 % CI)"
          value={`${signed(setting.delta)} (${signed(setting.deltaCi?.[0])} to ${signed(setting.deltaCi?.[1])})`}
        />
        <Fact
          name={`Random band (n = ${setting.band?.n ?? 0})`}
          value={setting.band ? `${signed(setting.band.low)} to ${signed(setting.band.high)}` : "–"}
        />
        <Fact
          name="Coherence"
          value={`${decimal(baseline.coherence_mean, 0)} → ${decimal(setting.coherence, 0)}`}
        />
        <Fact name="Coefficient" value={`${decimal(setting.coef)} = ${decimal(setting.ratio)} × mean norm`} />
      </dl>
      <p className="mt-2 text-muted text-xs">
        n = {setting.n} answers a setting, judged 0 to 100; unsteered baseline n = {baseline.n}; model{" "}
        {file.application_model}.
      </p>
    </Card>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="text-muted text-xs">{name}</dt>
      <dd className="font-medium">{value}</dd>
    </div>
  );
}
