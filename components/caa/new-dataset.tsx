"use client";
import { type FormEvent, useState } from "react";
import { TeacherFields } from "#components/builds/teacher-fields.tsx";
import { UploadBar } from "#components/builds/upload-bar.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { type BuildInput, useBuilds, useStartBuild } from "#lib/client/builds.ts";
import { useCaaPlan } from "#lib/client/caa.ts";
import { messageOf } from "#lib/client/request.ts";
import { rememberTeacher, useTeacher } from "#lib/client/teacher.ts";
import { useUploads } from "#lib/client/uploads.ts";
import { type CaaForm, freshForm, inputsOf, personalitiesOf, requestOf, suggestedName } from "./form.ts";
import { PersonalityField } from "./personality-field.tsx";
import { PlanCard } from "./plan-card.tsx";
import { SourceFields } from "./source-fields.tsx";

/** The form of a new dataset: what it is of, where situations come from, who writes; the plan, then the start. */
export function NewDataset({ onStarted }: { onStarted(name: string): void }) {
  const [form, setForm] = useState<CaaForm>(freshForm);
  const [teacher, setTeacher] = useTeacher();
  const { data } = useBuilds("caa");
  const { upload, progress, uploading, cancel } = useUploads("caa");
  const plan = useCaaPlan(upload);
  const start = useStartBuild("caa", upload);
  const taken = new Set(data?.builds.map(({ name }) => name));
  const name = form.name.trim() || suggestedName(personalitiesOf(form), taken);
  const { request, problem } = requestOf(form, teacher);
  const onForm = (change: Partial<CaaForm>) => {
    plan.reset();
    setForm((before) => ({ ...before, ...change }));
  };
  const inputs = inputsOf(form);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!request) return;
    if (plan.error) plan.reset();
    rememberTeacher(teacher);
    start.mutate({ name, wish: request, inputs }, { onSuccess: () => onStarted(name) });
  };
  const text = (key: "name" | "limit" | "seed" | "checkpoint") => ({
    value: form[key],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => onForm({ [key]: event.target.value }),
  });
  return (
    <Card
      title="New dataset"
      hint="Each situation is put to one character twice: once with the personality, once without. The two reactions are the options of a question."
    >
      <form onSubmit={submit} className="space-y-5">
        <PersonalityField form={form} onForm={onForm} />
        <SourceFields {...{ form, name, inputs, upload, uploading, onForm }} />
        <TeacherFields
          teacher={teacher}
          onTeacher={(change) => {
            plan.reset();
            setTeacher(change);
          }}
        />
        <fieldset>
          <legend className="mb-2 font-medium text-sm">Dataset</legend>
          <div className="grid gap-3 sm:grid-cols-3 lg:grid-cols-5">
            <TextField label="Name" hint="Of its folder" placeholder={name} {...text("name")} />
            <TextField label="Samples" hint="Empty: all there are" type="number" min={1} {...text("limit")} />
            <TextField
              label="Seed"
              hint="Of the options' order and all answers"
              type="number"
              min={0}
              {...text("seed")}
            />
            <TextField
              label="Checkpoint every"
              hint="Samples"
              type="number"
              min={1}
              {...text("checkpoint")}
            />
            <SelectField
              label="Layout"
              value={form.layout}
              onChange={(event) => onForm({ layout: event.target.value as CaaForm["layout"] })}
            >
              <option value="psyctl">psyctl, numbered options</option>
              <option value="psyctl-new">psyctl, whole answers</option>
            </SelectField>
          </div>
        </fieldset>
        {plan.data && <PlanCard plan={plan.data} />}
        <UploadBar progress={progress} onCancel={cancel} />
        {problem !== null && (
          <p role="status" className="text-muted text-sm">
            {problem}
          </p>
        )}
        {(plan.error ?? start.error) && <ErrorNote message={messageOf(plan.error ?? start.error)} />}
        <div className="flex flex-wrap justify-end gap-2">
          <PlanButton {...{ name, inputs, plan, uploading }} onMake={start.reset} request={request} />
          <Button look="primary" type="submit" disabled={request === null || uploading || start.isPending}>
            Start
          </Button>
        </div>
      </form>
    </Card>
  );
}

interface PlanButtonProps {
  name: string;
  request: ReturnType<typeof requestOf>["request"];
  inputs: BuildInput[];
  uploading: boolean;
  plan: ReturnType<typeof useCaaPlan>;
  onMake(): void;
}

/** Shows what the build would take; an uploaded dataset must lie in its folder for that. */
function PlanButton({ name, request, inputs, uploading, plan, onMake }: PlanButtonProps) {
  const make = () => {
    onMake();
    if (request) plan.mutate({ name, wish: request, inputs });
  };
  return (
    <Button onClick={make} disabled={request === null || uploading || plan.isPending}>
      {plan.isPending && !uploading ? "Counting …" : "Show the plan"}
    </Button>
  );
}
