"use client";
import { Plus, Trash2 } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { TextArea } from "#components/ui/field.tsx";
import type { Trait } from "#lib/traits/api.ts";
import { definitionFile, steeringFile } from "#lib/traits/folder.ts";
import type { TraitForm } from "./trait-form.ts";

interface RubricFieldsProps {
  form: TraitForm;
  problems: Trait["problems"];
  onEdit(change: Partial<TraitForm>): void;
}

/** What the judge goes by, and what a steered model is asked. */
export function RubricFields({ form, problems, onEdit }: RubricFieldsProps) {
  const { definition, steering } = form;
  const problemOf = (file: string) =>
    problems.filter((problem) => problem.file.endsWith(file)).map(({ message }) => message)[0];
  return (
    <div className="min-w-0 space-y-4">
      <Card>
        <TextArea
          label="Definition"
          hint="The judge's rubric. What is a HIGH, a MID, a LOW score, and what tells the trait from what resembles it?"
          error={problemOf(definitionFile)}
          rows={9}
          value={definition}
          onChange={(event) => onEdit({ definition: event.target.value })}
        />
      </Card>
      <Card
        title="Steering questions"
        hint="What the steered model is asked. Neutral ones show the trait's own pull."
      >
        {"raw" in steering ? (
          <TextArea
            label="steering.json cannot be read: mend it here"
            error={problemOf(steeringFile)}
            rows={10}
            className="font-mono"
            value={steering.raw}
            onChange={(event) => onEdit({ steering: { raw: event.target.value } })}
          />
        ) : (
          <Questions
            questions={steering.questions}
            onQuestions={(questions) => onEdit({ steering: { ...steering, questions } })}
          />
        )}
        {!("raw" in steering) && (
          <>
            {steering.questions.length === 0 && problemOf(steeringFile) && (
              <div className="mt-2">
                <ErrorNote message={problemOf(steeringFile) ?? ""} />
              </div>
            )}
            <details className="mt-3" open={steering.evalPrompt !== "" || undefined}>
              <summary className="text-muted text-sm">A judge prompt of its own</summary>
              <TextArea
                label="Judge prompt"
                hint="Optional; may hold {question} and {answer}. Without it the definition is used."
                rows={4}
                value={steering.evalPrompt}
                onChange={(event) => onEdit({ steering: { ...steering, evalPrompt: event.target.value } })}
              />
            </details>
          </>
        )}
      </Card>
    </div>
  );
}

interface QuestionsProps {
  questions: readonly string[];
  onQuestions(questions: string[]): void;
}

function Questions({ questions, onQuestions }: QuestionsProps) {
  return (
    <>
      <ol className="space-y-1.5">
        {questions.map((question, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a question is what stands at its place; equal ones are allowed
          <li key={at} className="flex items-start gap-1">
            <textarea
              aria-label={`Question ${at + 1}`}
              rows={2}
              className="field-sizing-content min-h-8 w-full min-w-0 rounded-md border bg-surface px-2 py-1 text-sm"
              value={question}
              onChange={(event) =>
                onQuestions(questions.map((each, place) => (place === at ? event.target.value : each)))
              }
            />
            <button
              type="button"
              className="rounded p-1.5 hover:bg-raised"
              aria-label={`Remove question ${at + 1}`}
              onClick={() => onQuestions(questions.filter((_, place) => place !== at))}
            >
              <Trash2 size={15} aria-hidden />
            </button>
          </li>
        ))}
      </ol>
      <Button className="mt-2" onClick={() => onQuestions([...questions, ""])}>
        <Plus size={15} aria-hidden /> Add a question
      </Button>
    </>
  );
}
