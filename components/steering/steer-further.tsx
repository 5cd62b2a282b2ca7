"use client";
import { useQueryClient } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { PlanSummary } from "#components/runs/plan-summary.tsx";
import { RunCard } from "#components/runs/run-card.tsx";
import { isOver } from "#components/runs/states.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { TextField } from "#components/ui/field.tsx";
import { usePlan, useStartRun } from "#lib/client/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import { useSettled } from "#lib/client/settled.ts";
import type { RunRequest } from "#lib/pipeline/api.ts";
import { type Setting, unique } from "#lib/pipeline/steering-view.ts";

/** Whose settings these are. */
export interface SettingNames {
  experiment: string;
  trait: string;
  method: string;
}

interface SteerFurtherProps extends SettingNames {
  /** Of that method. */
  settings: Setting[];
  wish: Wish;
  onWish(wish: Wish): void;
}

/** Layers and ratios as they are typed. */
export interface Wish {
  layers: string;
  ratios: string;
}

/** More layers or coefficients for one method, by a run of the steer stage alone that adds to the results. */
export function SteerFurther({ experiment, trait, method, settings, wish, onWish }: SteerFurtherProps) {
  const [runId, setRunId] = useQueryState("run", parseAsString);
  const client = useQueryClient();
  return (
    <>
      <Card
        title="Steer further"
        hint={`Runs the Steer stage alone for ${method}: its settings are added to these, with random vectors at the new places. What is there is not done again.`}
      >
        <FurtherForm {...{ experiment, trait, method, settings, wish, onWish }} onStarted={setRunId} />
      </Card>
      {runId !== null && (
        <RunCard
          title="Steering run"
          runId={runId}
          trait={trait}
          onHide={() => setRunId(null)}
          onState={(state) => {
            if (isOver(state)) void client.invalidateQueries();
          }}
        />
      )}
    </>
  );
}

function FurtherForm({
  experiment,
  trait,
  method,
  settings,
  wish,
  onWish,
  onStarted,
}: SteerFurtherProps & { onStarted(runId: string): void }) {
  const coefs = wish.ratios.split(",").flatMap((word) => (word.trim() === "" ? [] : Number(word)));
  const wrong = coefs.some((ratio) => !Number.isFinite(ratio));
  const complete = wish.layers.trim() !== "" && coefs.length > 0 && !wrong;
  const request: RunRequest = {
    experiment,
    traits: [trait],
    stages: ["steer"],
    config: { layers: wish.layers.trim(), coefs, steering_methods: [method] },
  };
  // JSON has no NaN: what is not complete is never asked.
  const settled = useSettled(complete ? request : null, 300);
  const plan = usePlan(settled ?? request, complete && settled !== null);
  const start = useStartRun();
  const stage = plan.data?.plan.traits[0]?.stages.find((each) => each.stage === "steer");
  const nothing = complete && stage?.will_run === false;
  const error = start.error ?? (complete ? plan.error : null);
  const layers = unique(settings.map(({ layer }) => layer)).sort((a, b) => a - b);
  const ratios = unique(settings.map(({ ratio }) => ratio)).sort((a, b) => a - b);
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate(request, { onSuccess: ({ run_id }) => onStarted(run_id) });
      }}
    >
      <div className="flex flex-wrap items-start gap-3">
        <TextField
          label="Layers"
          hint={`all, 5, 2-4 or 30%-60%; steered: ${layers.join(", ")}`}
          className="w-64"
          value={wish.layers}
          onChange={(event) => onWish({ ...wish, layers: event.target.value })}
        />
        <TextField
          label="Ratios"
          hint={`shares of the mean norm; steered: ${ratios.join(", ")}`}
          error={wrong ? "Write numbers with commas between them: 0.9, 1.1" : undefined}
          className="w-64"
          value={wish.ratios}
          onChange={(event) => onWish({ ...wish, ratios: event.target.value })}
        />
      </div>
      {error && <ErrorNote message={messageOf(error)} />}
      {!error && complete && stage && (
        <p role="status" className="text-sm">
          {nothing ? "All of these settings are there already." : `This ${stage.reason ?? "runs the stage"}.`}
        </p>
      )}
      {!error && complete && plan.data && !nothing && <PlanSummary response={plan.data} />}
      <Button
        look="primary"
        type="submit"
        disabled={!complete || nothing || start.isPending || Boolean(plan.error)}
      >
        Steer further
      </Button>
    </form>
  );
}
