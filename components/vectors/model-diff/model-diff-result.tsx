import { DataTable } from "#components/charts/data-table.tsx";
import { decimal, moment, signed } from "#components/format.ts";
import { diffFigures } from "#lib/pipeline/model-diff/figures.ts";
import type { JudgedAnswer, ModelDiff } from "#lib/pipeline/model-diff-api.ts";

/** A stored comparison: every figure of both models, and their answers beside each other. */
export function ModelDiffResult({ result }: { result: ModelDiff }) {
  const { models, separation, steering, why_no_separation, why_no_steering } = result;
  const difference = steering?.difference;
  return (
    <div className="space-y-3">
      <p className="text-muted text-xs">
        Compared {moment(result.created_at)}; 95 % confidence intervals. Separation on held-out rows, n =
        positive + negative{steering && `; steering at ratio ${steering.ratio}, n = questions`}.
      </p>
      <DataTable
        caption="The vector on both models"
        table={{
          columns: ["figure", `${models.a.id} (the vector’s own)`, models.b.id],
          rows: diffFigures(result).map(({ name, a, b }) => [name, a, b]),
        }}
      />
      {difference && (
        <p className="text-sm">
          Difference of the trait deltas, {models.b.id} − {models.a.id}: {signed(difference.delta)} points (95
          % CI {signed(difference.delta_ci[0])} to {signed(difference.delta_ci[1])}, paired, n ={" "}
          {difference.n_questions} questions).
        </p>
      )}
      {[why_no_separation, why_no_steering].map(
        (reason, at) =>
          reason && (
            <p key={at === 0 ? "separation" : "steering"} className="text-sm">
              {at === 0 ? "No separation" : "No steering"}: {reason}.
            </p>
          ),
      )}
      {separation && (
        <p className="text-muted text-xs">
          {separation.tokens === "as-read"
            ? "Both read the same tokens."
            : `The tokenizers differ: ${models.b.id} read the texts as it cuts them itself.`}
          {separation.left_out > 0 &&
            ` It could not read ${separation.left_out} responses; both figures are without them.`}
        </p>
      )}
      {steering && <Answers result={result} answers={steering.answers} />}
    </div>
  );
}

type Answered = NonNullable<ModelDiff["steering"]>["answers"];

function Answers({ result: { models }, answers }: { result: ModelDiff; answers: Answered }) {
  return (
    <details>
      <summary className="cursor-pointer font-medium text-sm">
        Answers of both models ({answers.length} {answers.length === 1 ? "question" : "questions"})
      </summary>
      <ol className="mt-2 divide-y" aria-label="Answers by question">
        {answers.map(({ question, a, b }) => (
          <li key={question} className="py-2">
            <p className="font-medium text-sm">{question}</p>
            <div className="mt-1 grid gap-3 sm:grid-cols-2">
              {[
                { id: models.a.id, side: "a", of: a },
                { id: models.b.id, side: "b", of: b },
              ].map(({ id, side, of }) => (
                <div key={side} className="min-w-0">
                  <p className="text-muted text-xs">{id}</p>
                  <Answer title="Baseline" answer={of.baseline} />
                  <Answer title="Steered" answer={of.steered} />
                </div>
              ))}
            </div>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Answer({ title, answer }: { title: string; answer: JudgedAnswer }) {
  return (
    <div className="mt-1 rounded-md border p-2 text-sm">
      <p className="text-muted text-xs tabular-nums">
        {title}: trait {decimal(answer.trait_score, 1)}, coherence {decimal(answer.coherence_score, 1)}
      </p>
      <p className="break-words">{answer.answer.trim() === "" ? "(no answer)" : answer.answer}</p>
      {answer.error && <p className="text-bad text-xs">{answer.error}</p>}
    </div>
  );
}
