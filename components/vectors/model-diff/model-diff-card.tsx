"use client";
import { parseAsString, useQueryState } from "nuqs";
import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Empty, ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { Progress } from "#components/ui/progress.tsx";
import { useModelDiffRun, useModelDiffs } from "#lib/client/model-diff.ts";
import { messageOf } from "#lib/client/request.ts";
import type { ModelDiffs } from "#lib/pipeline/model-diff-api.ts";
import { ModelDiffResult } from "./model-diff-result.tsx";

interface ModelDiffCardProps {
  experiment: string;
  trait: string;
  method: string;
  layer: number;
}

/** The chosen vector on another model of the same width: does it part the same responses, does it steer as well? */
export function ModelDiffCard({ experiment, trait, method, layer }: ModelDiffCardProps) {
  const query = new URLSearchParams({ trait, method, layer: String(layer) });
  const { data, error } = useModelDiffs(experiment, query);
  return (
    <Card
      title="On another model"
      hint={`The same vector on two models of one width, such as a base model and its instruct version: the other reads the same responses and answers the same questions, each steered at the same share of its own mean norm at layer ${layer}.`}
    >
      {error && <ErrorNote message={messageOf(error)} />}
      {!data && !error && <Skeleton lines={4} />}
      {data && (
        <Comparison
          key={`${trait} ${method} ${layer}`}
          {...{ experiment, trait, method, layer }}
          diffs={data}
        />
      )}
    </Card>
  );
}

function Comparison({ experiment, trait, method, layer, diffs }: ModelDiffCardProps & { diffs: ModelDiffs }) {
  const { others, stored, ratio, ratio_is_best } = diffs;
  const [asked, setAsked] = useQueryState("other", parseAsString);
  const [strength, setStrength] = useState("");
  const [questions, setQuestions] = useState("");
  const run = useModelDiffRun(experiment);
  const fitting = others.filter(({ why_not }) => why_not === null);
  const fits = (name: string | null) => fitting.some(({ id }) => id === name);
  const compared = stored.map(({ models }) => models.b.id);
  const chosen = (fits(asked) ? asked : (compared.find(fits) ?? fitting[0]?.id ?? compared[0])) ?? "";
  const result = stored.find(({ models }) => models.b.id === chosen);
  const ratioError = problemOf(strength, (value) => value > 0, "Write a number above 0.");
  const questionsError = problemOf(
    questions,
    (value) => Number.isInteger(value) && value > 0,
    "Write a whole number from 1.",
  );

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ratioError || questionsError) return;
    run.start({
      ...{ trait, method, layer, model: chosen },
      ...(strength.trim() === "" ? {} : { ratio: Number(strength) }),
      ...(questions.trim() === "" ? {} : { questions: Number(questions) }),
    });
  };

  return (
    <div className="space-y-4">
      {fitting.length === 0 ? (
        <NoOther {...diffs} />
      ) : (
        <form onSubmit={submit} className="space-y-3">
          <div className="grid gap-3 sm:max-w-3xl sm:grid-cols-3">
            <SelectField
              label="Model"
              hint={`beside ${diffs.model}`}
              value={chosen}
              disabled={run.busy}
              onChange={(event) => setAsked(event.target.value)}
            >
              {others.map(({ id, label, why_not }) => (
                <option key={id} value={id} disabled={why_not !== null}>
                  {why_not === null ? (label === id ? id : `${id}: ${label}`) : `${id}: ${why_not}`}
                </option>
              ))}
            </SelectField>
            <TextField
              label="Ratio"
              hint={`coefficient in mean norms; empty: ${ratio}${ratio_is_best ? ", of the best setting" : ""}`}
              inputMode="decimal"
              value={strength}
              error={ratioError}
              onChange={(event) => setStrength(event.target.value)}
            />
            <TextField
              label="Questions"
              hint="the first of steering.json; empty: as many as the experiment asks"
              inputMode="numeric"
              value={questions}
              error={questionsError}
              onChange={(event) => setQuestions(event.target.value)}
            />
          </div>
          {run.problem && <ErrorNote message={run.problem} />}
          <div className="flex flex-wrap items-center gap-3">
            <Button type="submit" look="primary" disabled={run.busy}>
              {result ? "Compare again" : "Compare"}
            </Button>
            {run.busy && <Button onClick={run.stop}>Cancel</Button>}
          </div>
          {run.busy && <Going progress={run.progress} />}
        </form>
      )}
      {result && <ModelDiffResult result={result} />}
    </div>
  );
}

function problemOf(text: string, isGood: (value: number) => boolean, problem: string): string | undefined {
  if (text.trim() === "") return undefined;
  return isGood(Number(text)) ? undefined : problem;
}

function Going({ progress }: { progress: ReturnType<typeof useModelDiffRun>["progress"] }) {
  if (!progress) return <p className="text-muted text-sm">Loading the models…</p>;
  const { model, unit, done, total } = progress;
  return (
    <div className="max-w-3xl space-y-1">
      <p className="text-sm tabular-nums">
        {model}: {done} of {total} {unit}
      </p>
      <Progress label={`${model}, ${unit}`} done={done} total={total} />
    </div>
  );
}

function NoOther({ model, others }: Pick<ModelDiffs, "model" | "others">) {
  return (
    <Empty title="No other model to compare with">
      <p>
        Install one of the same width, for instance the instruct version of {model}:{" "}
        <code>tiller models add OWNER/NAME</code>, or a folder of yours.
      </p>
      {others.length > 0 && (
        <ul className="mt-2 list-inside list-disc text-left">
          {others.map(({ id, why_not }) => (
            <li key={id}>
              {id}: {why_not}
            </li>
          ))}
        </ul>
      )}
    </Empty>
  );
}
