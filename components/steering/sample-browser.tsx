"use client";
import { decimal, signed } from "#components/format.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { useSteeringSamples } from "#lib/client/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import type { SteeringFile, SteeringSample } from "#lib/pipeline/results.ts";
import type { Setting } from "./settings.ts";

interface SampleBrowserProps {
  experiment: string;
  trait: string;
  file: SteeringFile;
  setting: Setting;
}

/** The texts themselves: the unsteered answer beside the steered one, each with its scores. */
export function SampleBrowser({ experiment, trait, file, setting }: SampleBrowserProps) {
  const baseline = useSteeringSamples(experiment, trait, file.baseline.samples);
  const steered = useSteeringSamples(experiment, trait, setting.samples);
  const error = baseline.error ?? steered.error;
  return (
    <Card
      title={`Samples: ${setting.method}, layer ${setting.layer}, ratio ${decimal(setting.ratio)}`}
      hint="The same questions, greedy decoding. Choose another cell above to read its texts."
    >
      {error && <ErrorNote message={messageOf(error)} />}
      {!error && !steered.data && <Skeleton lines={6} />}
      {steered.data && (
        <ol className="divide-y">
          {steered.data.map((sample, at) => (
            <SamplePair
              key={`${sample.question}\n${sample.answer}`}
              steered={sample}
              baseline={baseline.data?.[at]}
            />
          ))}
        </ol>
      )}
    </Card>
  );
}

function SamplePair({
  steered,
  baseline,
}: {
  steered: SteeringSample;
  baseline: SteeringSample | undefined;
}) {
  const change =
    steered.trait_score !== null && baseline?.trait_score != null
      ? steered.trait_score - baseline.trait_score
      : null;
  return (
    <li className="py-3">
      <p className="mb-1 flex flex-wrap items-center gap-2 font-medium text-sm">
        {steered.question}
        {change !== null && <Badge tone="accent">{signed(change, 0)} points</Badge>}
      </p>
      <div className="grid gap-2 md:grid-cols-2">
        <Answer name="Baseline" sample={baseline} />
        <Answer name="Steered" sample={steered} />
      </div>
    </li>
  );
}

function Answer({ name, sample }: { name: string; sample: SteeringSample | undefined }) {
  return (
    <div className="rounded-md border p-2">
      <p className="mb-1 flex flex-wrap gap-2 text-muted text-xs">
        {name}
        {sample && (
          <>
            <span>trait {decimal(sample.trait_score, 0)}</span>
            <span>coherence {decimal(sample.coherence_score, 0)}</span>
          </>
        )}
      </p>
      <p className="whitespace-pre-wrap font-mono text-sm">
        {sample ? sample.answer || "(empty)" : "not stored"}
      </p>
    </div>
  );
}
