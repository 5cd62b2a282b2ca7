import { AppError } from "#lib/core/errors.ts";
import type { JudgeItem } from "#lib/judge/contract.ts";
import { judgeStage } from "./judging.ts";
import type { StageScope } from "./stage.ts";
import type { Setting, SteeredAnswer } from "./steer-answers.ts";
import type { SteeringInputs } from "./steer-inputs.ts";
import type { ScoredAnswer } from "./steer-scores.ts";

export const baselineId = "baseline";

export function settingId(setting: Setting): string {
  return setting?.id ?? baselineId;
}

/** The two questions asked about an answer: how much of the trait, and is it coherent. */
export function answerItems(
  trait: string,
  { definition, evalPrompt }: Pick<SteeringInputs, "definition" | "evalPrompt">,
  answer: { id: string; question: string; text: string },
): [JudgeItem, JudgeItem] {
  const { id, question, text } = answer;
  return [
    {
      id: `${id}/trait`,
      task: "answer",
      text,
      question,
      trait,
      definition,
      ...(evalPrompt === undefined ? {} : { evalPrompt }),
    },
    { id: `${id}/coherence`, task: "coherence", text, question, trait, definition },
  ];
}

/**
 * Judges every answer of the settings. An empty answer has no trait score and, being no answer, coherence 0; the judge
 * is not asked. One that the engine could not give has no score at all.
 */
export async function scoreAnswers(
  scope: StageScope,
  inputs: SteeringInputs,
  answers: ReadonlyMap<Setting, SteeredAnswer[]>,
): Promise<Map<Setting, ScoredAnswer[]>> {
  const { trait } = scope;
  const idOf = (setting: Setting, at: number) => `${settingId(setting)}/${at}`;
  const items = [...answers].flatMap(([setting, texts]) =>
    texts.flatMap(({ answer }, at) => {
      if (answer.trim() === "") return [];
      const question = inputs.prompts[at]?.text ?? "";
      return answerItems(trait.id.trait, inputs, { id: idOf(setting, at), question, text: answer });
    }),
  );
  const judgements = await judgeStage(scope, items, trait.paths.steering.judgements);
  const scored = [...answers].map(([setting, texts]): [Setting, ScoredAnswer[]] => [
    setting,
    texts.map(({ answer, finish, error: failure }, at) => {
      const prompt = inputs.prompts[at];
      if (!prompt) throw new AppError("internal", "more answers than prompts");
      const base = { question: prompt.question, sample: prompt.sample, answer, finish };
      const name = `${settingId(setting)}, question ${prompt.question + 1}`;
      if (failure) {
        scope.itemFailed(name, failure);
        return { ...base, trait: null, coherence: null, error: failure };
      }
      if (answer.trim() === "") return { ...base, trait: null, coherence: 0 };
      const score = judgements.get(`${idOf(setting, at)}/trait`);
      const coherence = judgements.get(`${idOf(setting, at)}/coherence`);
      const error = score?.error ?? coherence?.error;
      if (error) scope.itemFailed(name, error);
      return {
        ...base,
        trait: score?.score ?? null,
        coherence: coherence?.score ?? null,
        ...(coherence?.label ? { label: coherence.label } : {}),
        ...(error ? { error } : {}),
      };
    }),
  ]);
  return new Map(scored);
}
