"use client";
import { decimal, percent } from "#components/format.ts";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { messageOf } from "#lib/client/request.ts";
import { useJudgeInputs } from "#lib/client/result-queries.ts";
import type { JudgedTask } from "#lib/pipeline/steering-api.ts";

interface JudgeInputsViewProps {
  experiment: string;
  trait: string;
  samples: string;
  at: number;
}

/** What the judge was asked of one answer, and what it said. */
export function JudgeInputsView({ experiment, trait, samples, at }: JudgeInputsViewProps) {
  const { data, error } = useJudgeInputs(experiment, trait, samples, at);
  if (error) return <ErrorNote message={messageOf(error)} />;
  if (!data) return <Skeleton lines={4} />;
  return (
    <div className="mt-2 space-y-3 border-t pt-2 text-xs">
      <p className="text-muted">
        Judged by {data.judge.model} ({data.judge.endpoint}), prompts {data.judge.promptVersion}.
        {data.rubric === "trait folder" &&
          " These results do not hold their rubric: the prompts are shown with the trait’s rubric of today."}
      </p>
      {data.tasks.length === 0 && (
        <p>The answer is empty: the judge was not asked; it has no trait score and coherence 0.</p>
      )}
      {data.tasks.map((task) => (
        <Task key={task.task} task={task} />
      ))}
    </div>
  );
}

const taskTitles: Record<JudgedTask["task"], string> = { answer: "Trait", coherence: "Coherence" };
const purposes = { score: "asked for a score", relevance: "asked whether the answer engages" };

function Task({ task: { task, prompts, judgement } }: { task: JudgedTask }) {
  return (
    <section aria-label={`${taskTitles[task]}: what the judge was asked`} className="space-y-1">
      <h3 className="font-medium">
        {taskTitles[task]}
        {judgement && ` ${decimal(judgement.score, 1)}`}
      </h3>
      <JudgementFacts judgement={judgement} />
      {prompts.length === 0 && (
        <p>The prompts of that version are not in this version of Tiller: they cannot be shown.</p>
      )}
      {prompts.map(({ purpose, times, messages }) => (
        <div key={purpose}>
          <p className="text-muted">
            {purposes[purpose]}
            {times > 1 && `, ${times} times`}:
          </p>
          {messages.map(({ role, content }) => (
            <pre key={role} className="mt-1 whitespace-pre-wrap break-words rounded bg-raised p-2">
              <span className="text-muted">{role}: </span>
              {content}
            </pre>
          ))}
        </div>
      ))}
    </section>
  );
}

function JudgementFacts({ judgement }: Pick<JudgedTask, "judgement">) {
  if (!judgement) return <p>The journal holds no judgement of exactly these prompts.</p>;
  const { method, mass, samples, grammar, label, truncated } = judgement;
  const facts = [
    method === "logprobs"
      ? "method logprobs: the mean over the first token’s alternatives"
      : "method sampled: the median",
    mass === undefined ? "" : `${percent(mass, 1)} of their probability on 0 to 100`,
    samples ? `scores read: ${samples.join(", ")}` : "",
    label ? `${label}${grammar === undefined ? "" : `, grammar ${decimal(grammar, 1)}`}` : "",
    truncated ? "the text was cut to 2,000 characters" : "",
  ];
  return <p className="text-muted">{facts.filter(Boolean).join("; ")}.</p>;
}
