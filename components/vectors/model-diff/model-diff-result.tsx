import { decimal, moment, signed } from "#components/format.ts";
import { diffFigures } from "#lib/pipeline/model-diff/figures.ts";
import type { JudgedAnswer, ModelDiff } from "#lib/pipeline/model-diff-api.ts";

/** A stored comparison: every figure of both models, and their answers beside each other. */
export function ModelDiffResult({ result }: { result: ModelDiff }) {
  const { models, separation, steering, why_no_separation, why_no_steering } = result;
  const difference = steering?.difference;
  return (
    <div className="space-y-3">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="overflow-x-auto" tabIndex={0} aria-label="Figures of both models">
        <table className="w-full text-sm tabular-nums">
          <caption className="mb-1 text-left text-muted text-xs">
            Figures with 95 % confidence intervals; separation on held-out rows (n = positive + negative),
            steering {steering ? `at ratio ${steering.ratio} ` : ""}over questions. Compared{" "}
            {moment(result.created_at)}.
          </caption>
          <thead>
            <tr>
              <th scope="col" className="border-b p-1 text-left font-medium">
                figure
              </th>
              {[models.a, models.b].map(({ id }, at) => (
                <th key={at === 0 ? "a" : "b"} scope="col" className="border-b p-1 text-left font-medium">
                  {id}
                  {at === 0 && <span className="font-normal text-muted"> (the vector’s own)</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {diffFigures(result).map(({ name, a, b }) => (
              <tr key={name}>
                <th scope="row" className="border-b p-1 text-left font-normal">
                  {name}
                </th>
                <td className="border-b p-1">{a}</td>
                <td className="border-b p-1">{b}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {difference && (
        <p className="text-sm">
          {models.b.id} moves {signed(difference.delta)} points against {models.a.id} (95 % CI{" "}
          {signed(difference.delta_ci[0])} to {signed(difference.delta_ci[1])}, paired over{" "}
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
            ? `Both read the same tokens.`
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
