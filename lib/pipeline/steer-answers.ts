import { z } from "zod";
import { AppError, type ErrorJson } from "#lib/core/errors.ts";
import { contentHash } from "#lib/core/hash.ts";
import { hashSeed } from "#lib/core/rng.ts";
import { type Engine, finishReasons, type GenerateRow } from "#lib/engine/contract.ts";
import { askEngine, finishItems } from "./items.ts";
import type { StageScope } from "./stage.ts";
import type { SteeringInputs, SteeringPrompt } from "./steer-inputs.ts";
import type { SteeringSetting } from "./steer-settings.ts";

const VERSION = "1";

const answerSchema = z.object({
  answer: z.string(),
  finish: z.enum(finishReasons),
  /** Of the unsteered answers only: their hidden states set the scale of the coefficients. */
  tokens: z.object({ prompt: z.array(z.number()), response: z.array(z.number()) }).optional(),
});
/** With `error` there is no answer: the engine gave its row up. */
export type SteeredAnswer = z.infer<typeof answerSchema> & { error?: ErrorJson };

/** Null is the unsteered model. */
export type Setting = SteeringSetting | null;

/**
 * Lets the application model answer every prompt under every setting; rows of different settings share batches.
 * @param groupSize rows sent and recorded at once
 * @returns by setting, the answers in the order of the prompts
 */
export async function steeredAnswers(
  scope: StageScope,
  engine: Engine,
  { model, prompts }: SteeringInputs,
  settings: readonly Setting[],
  groupSize: number,
): Promise<Map<Setting, SteeredAnswer[]>> {
  const { config } = scope.trait.run;
  const items = await Promise.all(
    settings.flatMap((setting) =>
      prompts.map(async (prompt) => ({
        setting,
        row: rowOf(scope, prompt, setting),
        key: await contentHash({
          kind: "steer-generate",
          version: VERSION,
          model: model.fingerprint,
          prompt: prompt.prompt,
          max_new_tokens: config.steering_max_new_tokens,
          sampling: config.temperature === 0 ? null : [config.temperature, config.seed, prompt.sample],
          steering: setting && [
            setting.vector.hash,
            setting.vector.layer,
            setting.coef,
            config.steered_tokens,
          ],
        }),
      })),
    ),
  );
  const failures = new Map<string, AppError>();
  const values = await finishItems(scope, {
    items,
    kind: "steer-generate",
    schema: answerSchema,
    groupSize,
    unit: "steered answers",
    async compute(group) {
      const rows = group.map(({ row }) => row);
      const generations = await askEngine(scope, (options) => engine.generate(rows, options));
      return generations.map((row, at) => {
        if (row instanceof AppError) return row;
        const { answer, finish, promptTokens, responseTokens } = row;
        const tokens = { prompt: promptTokens, response: responseTokens };
        return { answer, finish, ...(group[at]?.setting ? {} : { tokens }) };
      });
    },
    onFailed: ({ key }, error) => failures.set(key, error),
  });
  return new Map(
    settings.map((setting, at) => [
      setting,
      items.slice(at * prompts.length, (at + 1) * prompts.length).map(({ key }): SteeredAnswer => {
        const value = values.get(key);
        if (value) return value;
        const error = failures.get(key) ?? new AppError("internal", "a steered answer is missing");
        return { answer: "", finish: "length", error: error.toJSON() };
      }),
    ]),
  );
}

function rowOf(
  { trait }: StageScope,
  { prompt, text, sample }: SteeringPrompt,
  setting: Setting,
): GenerateRow {
  const { config } = trait.run;
  return {
    prompt,
    maxNewTokens: config.steering_max_new_tokens,
    // The same stream for a question and sample under every setting: only the steering differs.
    ...(config.temperature === 0
      ? {}
      : {
          sampling: { temperature: config.temperature, topP: 1 },
          seed: hashSeed(`${sample} ${text}`, config.seed),
        }),
    ...(setting
      ? {
          steering: {
            vectors: [{ layer: setting.vector.layer, vector: setting.vector.vector, coef: setting.coef }],
            tokens: config.steered_tokens,
          },
        }
      : {}),
  };
}
