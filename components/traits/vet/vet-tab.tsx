"use client";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Empty, ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { SelectField } from "#components/ui/field.tsx";
import { usePlan } from "#lib/client/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import type { Polarity } from "#lib/core/names.ts";
import type { PlanResponse } from "#lib/pipeline/api.ts";
import { vettingKinds } from "#lib/pipeline/human-labels.ts";
import type { TraitVetting } from "#lib/pipeline/vetting-api.ts";
import { outdated } from "#lib/pipeline/vetting-view.ts";
import { JudgeDialog } from "./judge-dialog.tsx";
import { KindPanel } from "./kind-panel.tsx";
import { missingPairs, pairsOf } from "./loop.ts";
import { NewExperimentDialog } from "./new-experiment-dialog.tsx";
import { RoundsChart } from "./rounds-chart.tsx";
import { ScoreHistogram } from "./score-histogram.tsx";
import { requestOf, type Vet } from "./use-vet.ts";

export interface VetTabProps {
  vet: Vet;
  /** The rubric on disk. */
  definition: string | null;
  onGo(side: Polarity, line: number): void;
  onWrite(): void;
  /** Offers the next batch of pairs; not offered where it is missing. */
  onBatch?: (() => void) | undefined;
}

/** The loop: vet, look at what failed, vet again what was changed. */
export function VetTab(props: VetTabProps) {
  const { vet } = props;
  const { experiment, files, vetting } = vet;
  return (
    <div className="space-y-4">
      <ExperimentBar vet={vet} />
      {experiment !== null && files.error && (
        <ErrorNote
          message={messageOf(files.error)}
          action={<Button onClick={() => void files.refetch()}>Try again</Button>}
        />
      )}
      {experiment !== null && !vetting && !files.error && <Skeleton lines={8} />}
      {experiment !== null && vetting && (
        <Vetting {...props} experiment={experiment} vetting={vetting} files={files.data ?? vetting} />
      )}
    </div>
  );
}

function ExperimentBar({ vet }: { vet: Vet }) {
  const { experiments, experiment, setExperiment, trait, vetting } = vet;
  if (experiments.isPending) return <Skeleton lines={2} />;
  const names = experiments.data?.experiments.map(({ name }) => name) ?? [];
  const create = <NewExperimentDialog trait={trait} onCreated={setExperiment} />;
  if (names.length === 0 && experiment === null) {
    return (
      <Empty title="No experiment yet" action={create}>
        An experiment names the judge that scores the lines, and the model that completes them.
      </Empty>
    );
  }
  return (
    <Card>
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
        <SelectField
          label="Experiment"
          className="w-56"
          value={experiment ?? ""}
          onChange={(event) => setExperiment(event.target.value)}
        >
          {experiment !== null && !names.includes(experiment) && (
            <option value={experiment}>{experiment}</option>
          )}
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
        {create}
        {vetting && (
          <>
            <p className="min-w-0 break-words text-sm">
              Judge: <span className="font-medium">{vetting.judge.model}</span>{" "}
              <span className="text-muted">
                {vetting.judge.judge === "builtin" ? "(built in)" : `at ${vetting.judge.judge}`}
              </span>
            </p>
            <JudgeDialog
              experiment={vetting.experiment}
              judge={vetting.judge}
              open={vet.judgeOpen}
              onOpenChange={vet.setJudgeOpen}
            />
          </>
        )}
      </div>
    </Card>
  );
}

interface VettingProps extends VetTabProps {
  experiment: string;
  /** With what a run told meanwhile. */
  vetting: TraitVetting;
  /** As the files have it. */
  files: TraitVetting;
}

function Vetting({ vet, experiment, vetting, files, definition, onGo, onWrite, onBatch }: VettingProps) {
  const plans = {
    scenario: usePlan(requestOf(experiment, vet.trait, "scenario"), true),
    response: usePlan(requestOf(experiment, vet.trait, "response"), true),
  };
  const { thresholds } = vetting;
  const fileName = `${experiment}-${vet.trait.replace("/", "-")}`;
  const old = { scenario: files.scenarios, response: files.responses };
  return (
    <>
      <Warnings plans={[plans.scenario.data, plans.response.data]} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        {vettingKinds.map((kind) => (
          <KindPanel
            key={kind}
            {...{ vet, kind, onGo, onWrite }}
            plan={plans[kind]}
            outdated={old[kind] ? outdated(old[kind], { definition, thresholds }) : []}
            busy={vet.run.busy}
          />
        ))}
      </div>
      <NextPairs vet={vet} onBatch={onBatch} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        {vettingKinds.map((kind) => (
          <ScoreHistogram
            key={kind}
            {...{ kind, thresholds }}
            lines={vet.lines}
            fileName={`${fileName}-${kind}-scores`}
          />
        ))}
      </div>
      <RoundsChart rounds={vetting.rounds} fileName={`${fileName}-rounds`} />
    </>
  );
}

function Warnings({ plans }: { plans: (PlanResponse | undefined)[] }) {
  // How many pairs there should be stands below, with what to do about it.
  const warnings = plans
    .flatMap((plan) => plan?.plan.warnings ?? [])
    .filter((each) => !/pairs are few/.test(each));
  if (warnings.length === 0) return null;
  return (
    <ul className="list-disc space-y-0.5 pl-5 text-sm text-warn">
      {[...new Set(warnings)].map((warning) => (
        <li key={warning}>{warning}</li>
      ))}
    </ul>
  );
}

/** What comes after a loop that is done, or is too short to rest on. */
function NextPairs({ vet: { lines, figures }, onBatch }: Pick<VetTabProps, "vet" | "onBatch">) {
  const missing = missingPairs(pairsOf(lines));
  const complete = vettingKinds.some((kind) => figures[kind].complete);
  if (missing === null && !complete) return null;
  return (
    <Card>
      <div className="flex flex-wrap items-center justify-between gap-3 text-sm">
        <p>{missing ?? "Every line passes."}</p>
        {complete && onBatch && (
          <Button look="primary" onClick={onBatch}>
            Scale up: generate the next batch…
          </Button>
        )}
      </div>
    </Card>
  );
}
