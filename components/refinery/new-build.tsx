"use client";
import { type FormEvent, useState } from "react";
import { TeacherFields } from "#components/builds/teacher-fields.tsx";
import { UploadBar } from "#components/builds/upload-bar.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { useBuilds, useStartBuild } from "#lib/client/builds.ts";
import { useRefineryPlan } from "#lib/client/refinery.ts";
import { messageOf } from "#lib/client/request.ts";
import { rememberTeacher, useTeacher } from "#lib/client/teacher.ts";
import { useUploads } from "#lib/client/uploads.ts";
import { usualRpm } from "#lib/refinery/request.ts";
import { freshForm, type RefineryForm, requestOf, suggestedName, uploadsOf } from "./form.ts";
import { InputFields } from "./input-fields.tsx";
import { PlanCard } from "./plan-card.tsx";
import { SettingFields } from "./setting-fields.tsx";

/** The form of a new build: what goes in, who writes; the plan, then the start. */
export function NewBuild({ onStarted }: { onStarted(name: string): void }) {
  const [form, setForm] = useState<RefineryForm>(freshForm);
  const [teacher, setTeacher] = useTeacher();
  const { data } = useBuilds("refinery");
  const { upload, progress, uploading, cancel } = useUploads("refinery");
  const plan = useRefineryPlan(upload);
  const start = useStartBuild("refinery", upload);
  const name = form.name.trim() || suggestedName(new Set(data?.builds.map((build) => build.name)));
  const { wish, problem } = requestOf(form, teacher);
  const inputs = uploadsOf(form);
  const onForm = (change: Partial<RefineryForm>) => {
    plan.reset();
    setForm((before) => ({ ...before, ...change }));
  };
  const check = () => {
    start.reset();
    if (wish) plan.mutate({ name, wish, inputs });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!wish) return;
    if (plan.error) plan.reset();
    rememberTeacher(teacher);
    start.mutate({ name, wish, inputs }, { onSuccess: () => onStarted(name) });
  };
  const failure = plan.error ?? start.error;
  return (
    <Card
      title="New build"
      hint="Plan, drafts and critiques are JSON Lines that share their ids; what you leave out, the teacher writes first."
    >
      <form onSubmit={submit} className="space-y-5">
        <InputFields form={form} onForm={onForm} />
        <TeacherFields
          apiRpm={usualRpm}
          teacher={teacher}
          onTeacher={(change) => {
            plan.reset();
            setTeacher(change);
          }}
        />
        {teacher.provider === "builtin" && teacher.models[0] === "demo" && (
          <p className="text-muted text-sm">
            The demo model shows how a build goes, but it is too small to write JSON: its records are
            rejected.
          </p>
        )}
        <SettingFields form={form} name={name} onForm={onForm} />
        {plan.data && <PlanCard plan={plan.data} />}
        {problem !== null && (
          <p role="status" className="text-muted text-sm">
            {problem}
          </p>
        )}
        <UploadBar progress={progress} onCancel={cancel} />
        {failure && <ErrorNote message={messageOf(failure)} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={check} disabled={!wish || uploading || plan.isPending}>
            Check the inputs
          </Button>
          <Button look="primary" type="submit" disabled={!wish || uploading || start.isPending}>
            Start
          </Button>
        </div>
      </form>
    </Card>
  );
}
