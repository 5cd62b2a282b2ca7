import { AppError } from "#lib/core/errors.ts";
import { createRng, hashSeed } from "#lib/core/rng.ts";
import { pairedBootstrap } from "#lib/core/statistics.ts";
import type { TraitContext } from "../context.ts";
import { groupSizeFor } from "../items.ts";
import { judgeIdentity } from "../judging.ts";
import type { JudgedAnswer, ModelDiff, SteeredModel } from "../model-diff-api.ts";
import type { StageScope } from "../stage.ts";
import { steeredAnswers } from "../steer-answers.ts";
import { type SteeringInputs, steeringInputs } from "../steer-inputs.ts";
import { scoreAnswers } from "../steer-judge.ts";
import { baseNorms } from "../steer-norms.ts";
import { deltaOf, type ScoredAnswer, settingScores } from "../steer-scores.ts";
import { type SteeringVector, settingOf } from "../steer-settings.ts";

type Steering = Pick<ModelDiff, "steering" | "why_no_steering">;

/**
 * Answers of both models without and with the vector, each at the same share of its own mean norm, judged by the
 * experiment's judge. What keeps the judge from judging is no error but the reason that there is nothing to compare.
 * @param scopes of both models; their traits' configuration names the model as application model
 */
export async function compareSteering(
  scopes: { a: StageScope; b: StageScope },
  vector: SteeringVector,
  ratio: number,
): Promise<Steering> {
  const why = (error: unknown): Steering => ({
    steering: null,
    why_no_steering: AppError.from(error).userMessage,
  });
  let inputs: { a: SteeringInputs; b: SteeringInputs };
  try {
    inputs = { a: await steeringInputs(scopes.a.trait), b: await steeringInputs(scopes.b.trait) };
    await requireJudge(scopes.a.trait);
  } catch (error) {
    if (["aborted", "internal"].includes(AppError.from(error).code)) throw error;
    return why(error);
  }
  try {
    const a = await steerModel(scopes.a, inputs.a, vector, ratio);
    const b = await steerModel(scopes.b, inputs.b, vector, ratio);
    const { trait } = scopes.a;
    return {
      why_no_steering: null,
      steering: {
        ratio: a.ratio,
        a: a.figures,
        b: b.figures,
        difference: differenceOf(a, b, trait.run.config.seed),
        judge: { ...(await judgeIdentity(trait.run)) },
        max_new_tokens: trait.run.config.steering_max_new_tokens,
        answers: inputs.a.questions.map((question, at) => ({
          question,
          a: answersAt(a, at),
          b: answersAt(b, at),
        })),
      },
    };
  } catch (error) {
    const { code } = AppError.from(error);
    if (code.startsWith("judge-") || code === "spending-cap") return why(error);
    throw error;
  }
}

/** Throws what keeps the judge from judging this trait, before a model has written a word. */
async function requireJudge({ run, id }: TraitContext): Promise<void> {
  const { transport } = await run.judge();
  const { traits } = transport;
  if (!traits || traits.includes(id.trait)) return;
  throw new AppError(
    "judge-rejected",
    `the built-in judge knows only ${traits.join(", ")}, not ${id.trait}: configure a judge endpoint for it`,
  );
}

interface Steered {
  figures: SteeredModel;
  ratio: number;
  baseline: ScoredAnswer[];
  steered: ScoredAnswer[];
}

async function steerModel(
  scope: StageScope,
  inputs: SteeringInputs,
  vector: SteeringVector,
  ratio: number,
): Promise<Steered> {
  const { config } = scope.trait.run;
  const engine = await scope.trait.run.engine(inputs.model.id);
  const encoded = await engine.encode(inputs.prompts.map(({ prompt }) => prompt));
  const longest = Math.max(0, ...encoded.map(({ length }) => length));
  const groupSize = await groupSizeFor(scope, engine, "generation", longest + config.steering_max_new_tokens);
  const unsteered = await steeredAnswers(scope, engine, inputs, [null], groupSize);
  const norms = await baseNorms(scope, engine, inputs, unsteered.get(null) ?? []);
  const norm = norms.get(vector.layer);
  if (norm === undefined) throw new AppError("internal", `no norm of layer ${vector.layer}`);
  const setting = settingOf(vector, ratio, norm);
  const answers = new Map([
    ...unsteered,
    ...(await steeredAnswers(scope, engine, inputs, [setting], groupSize)),
  ]);
  const scored = await scoreAnswers(scope, inputs, answers);
  const [baseline, steered] = [scored.get(null) ?? [], scored.get(setting) ?? []];
  const delta = deltaOf(steered, baseline, config.seed, setting.id);
  return {
    ratio: setting.ratio,
    baseline,
    steered,
    figures: {
      base_norm: norm,
      coef: setting.coef,
      baseline: settingScores(baseline, config.seed, "baseline"),
      steered: settingScores(steered, config.seed, setting.id),
      delta: delta?.delta ?? null,
      delta_ci: delta?.delta_ci ?? null,
      n_questions: delta?.questions ?? 0,
    },
  };
}

/** How much further `b` moved than `a`, over the questions that all four answers have a score of. */
function differenceOf(a: Steered, b: Steered, seed: number) {
  const [ofA, ofB] = [moves(a), moves(b)];
  const both = [...ofA.keys()].filter((question) => ofB.has(question));
  const found = pairedBootstrap(
    both.map((question) => ofB.get(question) ?? 0),
    both.map((question) => ofA.get(question) ?? 0),
    createRng(hashSeed("difference of models", seed)),
  );
  return (
    found && {
      delta: found.mean,
      delta_ci: [found.interval[0], found.interval[1]] as [number, number],
      n_questions: both.length,
    }
  );
}

function moves({ baseline, steered }: Steered): Map<number, number> {
  return new Map(
    steered.flatMap(({ question, trait }) => {
      const before = baseline.find((answer) => answer.question === question)?.trait;
      return trait === null || before === null || before === undefined ? [] : [[question, trait - before]];
    }),
  );
}

function answersAt({ baseline, steered }: Steered, question: number) {
  const at = (answers: readonly ScoredAnswer[]): JudgedAnswer => {
    const found = answers.find((answer) => answer.question === question);
    return {
      answer: found?.answer ?? "",
      trait_score: found?.trait ?? null,
      coherence_score: found?.coherence ?? null,
      ...(found?.error ? { error: found.error.userMessage } : {}),
    };
  };
  return { baseline: at(baseline), steered: at(steered) };
}
