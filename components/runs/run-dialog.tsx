"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { CheckField, SelectField, TextField } from "#components/ui/field.tsx";
import { usePlan, useStartRun } from "#lib/client/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import { useSettled } from "#lib/client/settled.ts";
import type { ExperimentResponse } from "#lib/pipeline/api.ts";
import { stageNames } from "#lib/pipeline/stages.ts";
import { DeviceOptions } from "./device-options.tsx";
import { PlanSummary } from "./plan-summary.tsx";
import { formOf, hasOwnJudge, lentBy, problemOf, type RunForm, requestOf } from "./run-form.ts";
import { stageTitles } from "./states.ts";

const KEEP_OPEN = "the run's page then does the model's work: keep it open";

/** What will be run, what it will cost and how to do the same from a shell, before anything starts. */
export function RunDialog({ experiment }: { experiment: ExperimentResponse }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={<Button look="primary">Run…</Button>}
      title={`Run ${experiment.name}`}
      description="Finished items are never repeated: only what is new or changed is done."
    >
      <RunSheet experiment={experiment} />
    </Dialog>
  );
}

function RunSheet({ experiment }: { experiment: ExperimentResponse }) {
  const router = useRouter();
  const [form, setForm] = useState(() => formOf(experiment));
  const request = requestOf(form, experiment);
  const problem = problemOf(request);
  // The plan reads files and hashes: it is asked for when the typing has stopped.
  const settled = useSettled(request, 300);
  const plan = usePlan(settled, problem === null);
  const start = useStartRun();
  const set = (change: Partial<RunForm>) => setForm((before) => ({ ...before, ...change }));
  const toggle = <T extends string>(list: T[], item: T, order: readonly T[]) =>
    order.filter((entry) => (entry === item ? !list.includes(item) : list.includes(entry)));
  const lends = lentBy(form) !== null;
  const message = problem ?? (start.error || plan.error ? messageOf(start.error ?? plan.error) : null);

  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate(request, {
          onSuccess: ({ run_id }) => router.push(`/runs/${run_id}${lends ? "?lend=yes" : ""}`),
        });
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <fieldset>
          <legend className="mb-1 font-medium text-sm">Traits</legend>
          <div className="max-h-40 space-y-1 overflow-y-auto">
            {experiment.available_traits.map((trait) => (
              <CheckField
                key={trait}
                label={trait}
                checked={form.traits.includes(trait)}
                onChange={() => set({ traits: toggle(form.traits, trait, experiment.available_traits) })}
              />
            ))}
          </div>
        </fieldset>
        <fieldset>
          <legend className="mb-1 font-medium text-sm">Stages</legend>
          <div className="grid grid-cols-2 gap-1">
            {stageNames.map((stage, number) => (
              <CheckField
                key={stage}
                label={`${number} ${stageTitles[stage]}`}
                checked={form.stages.includes(stage)}
                onChange={() => set({ stages: toggle(form.stages, stage, stageNames) })}
              />
            ))}
          </div>
        </fieldset>
      </div>
      <div className="grid gap-3 sm:grid-cols-3">
        <SelectField
          label="Device"
          hint={form.device.startsWith("browser") ? KEEP_OPEN : undefined}
          value={form.device}
          onChange={(event) => set({ device: event.target.value })}
        >
          <DeviceOptions server={experiment.devices} />
        </SelectField>
        <TextField
          label="Judge"
          hint="builtin (a model that Tiller runs), or the URL of an OpenAI-compatible endpoint"
          value={form.judge}
          onChange={(event) => set({ judge: event.target.value })}
        />
        <TextField
          label="Judge model"
          hint="left empty: the default of that judge"
          value={form.judgeModel}
          onChange={(event) => set({ judgeModel: event.target.value })}
        />
        <SelectField
          label="Judge runs on"
          hint={
            hasOwnJudge(form)
              ? form.judgeDevice.startsWith("browser") && KEEP_OPEN
              : "the endpoint runs its own model"
          }
          disabled={!hasOwnJudge(form)}
          value={form.judgeDevice}
          onChange={(event) => set({ judgeDevice: event.target.value })}
        >
          <DeviceOptions server={experiment.devices} />
        </SelectField>
        <TextField
          label="Position"
          hint="which tokens are read"
          placeholder="response[:]"
          value={form.position}
          onChange={(event) => set({ position: event.target.value })}
        />
        <TextField
          label="Layers to steer"
          hint="all, 1,4, 2-5 or 30%-60%"
          placeholder="30%-60%"
          value={form.layers}
          onChange={(event) => set({ layers: event.target.value })}
        />
        <TextField
          label="Coefficients"
          hint="shares of the layer's mean norm, or adaptive"
          placeholder="0.25, 0.5, 0.75, 1, 1.25"
          value={form.coefs}
          onChange={(event) => set({ coefs: event.target.value })}
        />
        <TextField
          label="Seed"
          inputMode="numeric"
          placeholder="42"
          value={form.seed}
          onChange={(event) => set({ seed: event.target.value })}
        />
        <TextField
          label="Spending cap (US $)"
          hint="stops cleanly; can be resumed"
          inputMode="decimal"
          value={form.maxCost}
          onChange={(event) => set({ maxCost: event.target.value })}
        />
      </div>
      {message ? <ErrorNote message={message} /> : plan.data && <PlanSummary response={plan.data} />}
      {plan.data && <Copyable what="command" text={plan.data.command} />}
      <div className="flex justify-end">
        <Button
          look="primary"
          type="submit"
          disabled={problem !== null || start.isPending || Boolean(plan.error)}
        >
          Start the run
        </Button>
      </div>
    </form>
  );
}
