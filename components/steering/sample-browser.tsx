"use client";
import { useState } from "react";
import { decimal, signed } from "#components/format.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { messageOf } from "#lib/client/request.ts";
import { useSteeringSamples } from "#lib/client/result-queries.ts";
import type { SteeringFile, SteeringSample } from "#lib/pipeline/results.ts";
import { type Setting, verdictsOf } from "#lib/pipeline/steering-view.ts";
import { ChatButton } from "./chat-button.tsx";
import { JudgeInputsView } from "./judge-inputs.tsx";
import { filterPairs, pairsOf, type SamplePair } from "./sample-filter.ts";
import { SampleFilters, useSampleFilter } from "./sample-filters.tsx";

interface SampleBrowserProps {
  experiment: string;
  trait: string;
  file: SteeringFile;
  setting: Setting;
}

/** The texts themselves: the unsteered answer beside the steered one, each with its scores and what the judge was asked. */
export function SampleBrowser({ experiment, trait, file, setting }: SampleBrowserProps) {
  const baseline = useSteeringSamples(experiment, trait, file.baseline.samples);
  const steered = useSteeringSamples(experiment, trait, setting.samples);
  const [filter, setFilter] = useSampleFilter();
  const error = baseline.error ?? steered.error;
  const pairs = pairsOf(steered.data ?? [], baseline.data);
  const shown = filterPairs(pairs, filter);
  const files = { steered: setting.samples, baseline: file.baseline.samples };
  return (
    <Card
      title={`Samples: ${setting.method}, layer ${setting.layer}, ratio ${decimal(setting.ratio)}`}
      hint="The same questions with and without the vector. Choose another cell above to read its texts."
      actions={
        <>
          {verdictsOf(setting).map(({ ok, text }) => (
            <Badge key={text} tone={ok ? "good" : "warn"}>
              {ok ? "✓" : "!"} {text}
            </Badge>
          ))}
          <ChatButton {...{ experiment, trait, setting }} />
        </>
      }
    >
      {error && <ErrorNote message={messageOf(error)} />}
      {!error && !steered.data && <Skeleton lines={6} />}
      {steered.data && (
        <>
          <SampleFilters filter={filter} onFilter={setFilter} />
          <p role="status" className="text-muted text-sm">
            {shown.length} of {pairs.length} samples
          </p>
          {shown.length === 0 && (
            <p className="py-3 text-sm">No sample passes this filter: widen a range, or press Show all.</p>
          )}
          <ol className="divide-y">
            {shown.map((pair) => (
              <SampleItem key={pair.at} {...{ experiment, trait, files, pair }} />
            ))}
          </ol>
        </>
      )}
    </Card>
  );
}

interface SampleItemProps {
  experiment: string;
  trait: string;
  files: { steered: string; baseline: string | undefined };
  pair: SamplePair;
}

function SampleItem({ experiment, trait, files, pair }: SampleItemProps) {
  const { steered, baseline, change, at } = pair;
  const inputs = { experiment, trait, at };
  return (
    <li className="py-3">
      <p className="mb-1 flex flex-wrap items-center gap-2 font-medium text-sm">
        {steered.question}
        {change !== null && <Badge tone="accent">{signed(change, 0)} points</Badge>}
      </p>
      <div className="grid gap-2 md:grid-cols-2">
        <Answer name="Baseline" sample={baseline} {...inputs} file={files.baseline} />
        <Answer name="Steered" sample={steered} {...inputs} file={files.steered} />
      </div>
    </li>
  );
}

interface AnswerProps {
  name: string;
  sample: SteeringSample | undefined;
  experiment: string;
  trait: string;
  file: string | undefined;
  at: number;
}

function Answer({ name, sample, file, ...place }: AnswerProps) {
  const [open, setOpen] = useState(false);
  return (
    <div className="min-w-0 rounded-md border p-2">
      <div className="mb-1 flex flex-wrap items-center gap-2 text-muted text-xs">
        {name}
        {sample && (
          <>
            <span>trait {decimal(sample.trait_score, 0)}</span>
            <span>coherence {decimal(sample.coherence_score, 0)}</span>
          </>
        )}
        {sample && file && (
          <Button
            look="quiet"
            className="ml-auto text-xs"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            Judge’s inputs
          </Button>
        )}
      </div>
      <p className="whitespace-pre-wrap break-words font-mono text-sm">
        {sample ? sample.answer || "(empty)" : "not stored"}
      </p>
      {open && file && <JudgeInputsView {...place} samples={file} />}
    </div>
  );
}
