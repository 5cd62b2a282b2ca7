import { z } from "zod";
import { finishReasons, type PromptSource } from "#lib/engine/contract.ts";
import { formatJson, parseJson } from "#lib/formats/json.ts";
import { type Scenario, scenarioText } from "#lib/traits/scenario.ts";

const count = z.number().int().nonnegative();
const tokens = z.array(count);

const responseSchema = z
  .looseObject({
    index: count.optional(),
    question: z.string().optional(),
    answer: z.string().optional(),
    /** Import also takes these two names. */
    prompt: z.string().optional(),
    response: z.string().optional(),
    full_text: z.string().optional(),
    prompt_tokens: count.optional(),
    response_tokens: count.optional(),
    system_prompt: z.string().optional(),
    /** What the model read and wrote: capture reads exactly these. */
    prompt_token_ids: tokens.optional(),
    response_token_ids: tokens.optional(),
    finish: z.enum(finishReasons).optional(),
    /** The scenario carried it: no model wrote it, and no judge is asked about it. */
    given: z.boolean().optional(),
  })
  .transform((raw, context) => {
    const { prompt, response, ...rest } = raw;
    const question = raw.question ?? prompt;
    const answer = raw.answer ?? response;
    if (question === undefined || answer === undefined) {
      context.addIssue({
        code: "custom",
        message: 'needs "question" and "answer" (or "prompt" and "response")',
      });
      return z.NEVER;
    }
    return { ...rest, question, answer };
  });

/** One entry of `responses/pos.json` or `neg.json`, with its 0-based scenario. */
export type ResponseEntry = z.output<typeof responseSchema> & { index: number };

/** Reads a responses file, Tiller's own or an imported one; entries without `index` count from 0. Throws `invalid-file`. */
export function parseResponses(text: string, path: string): ResponseEntry[] {
  return parseJson(text, path, z.array(responseSchema)).map((entry, at) => ({
    ...entry,
    index: entry.index ?? at,
  }));
}

export function formatResponses(entries: readonly ResponseEntry[]): string {
  return formatJson(entries);
}

/** The scenario that a response completes, as a judge reads it. */
export function completedScenario({ question, system_prompt }: ResponseEntry): string {
  return scenarioText({ prompt: question, ...(system_prompt ? { system_prompt } : {}) });
}

/** How a scenario becomes a prompt: bare text for a base model, else messages for the chat template. */
export function promptOf(
  scenario: Pick<Scenario, "prompt" | "system_prompt">,
  baseModel: boolean,
): PromptSource {
  const { prompt, system_prompt } = scenario;
  if (baseModel) return { text: system_prompt ? `${system_prompt}\n\n${prompt}` : prompt };
  return {
    messages: [
      ...(system_prompt ? [{ role: "system" as const, content: system_prompt }] : []),
      { role: "user" as const, content: prompt },
    ],
  };
}
