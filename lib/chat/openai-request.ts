import { z } from "zod";
import type { ChatMessage, GenerateRow, Steering } from "#lib/engine/contract.ts";
import { steeringChoiceSchema } from "./steering-choice.ts";

const text = z.union([
  z.string(),
  z
    .array(z.object({ type: z.literal("text", { message: "only text parts are read" }), text: z.string() }))
    .transform((parts) => parts.map((part) => part.text).join("")),
]);

const messageSchema = z.object({
  role: z
    .enum(["system", "developer", "user", "assistant"])
    .transform((role) => (role === "developer" ? "system" : role)),
  content: text,
});

/** What this server cannot do is refused rather than left out. */
const zero = (name: string) => z.literal(0, { message: `${name} is not supported: leave it out` }).nullish();
const absent = (name: string) =>
  z.undefined({ message: `${name} is not supported: leave it out` }).optional();

/**
 * POST /api/v1/chat/completions: the request of OpenAI's API, with `steering` and `raw_prompt` beside it. Unknown
 * members are ignored, as other servers do.
 */
export const chatCompletionRequestSchema = z.object({
  /** An installed model's id, or a preset's name. */
  model: z.string().min(1),
  messages: z.array(messageSchema).min(1, "write at least one message"),
  max_tokens: z.number().int().positive().nullish(),
  max_completion_tokens: z.number().int().positive().nullish(),
  /** 0 is greedy. */
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  n: z.number().int().min(1).max(16).nullish(),
  seed: z.number().int().nullish(),
  stop: z
    .union([z.string(), z.array(z.string()).max(4)])
    .transform((stop) => [stop].flat().filter((one) => one !== ""))
    .nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().int().min(0).max(20).nullish(),
  frequency_penalty: zero("frequency_penalty"),
  presence_penalty: zero("presence_penalty"),
  response_format: z.object({ type: z.literal("text", { message: "only text is written" }) }).nullish(),
  tools: absent("tools"),
  functions: absent("functions"),
  /** Vectors that act while the answer is written; instead of a preset's. */
  steering: steeringChoiceSchema.optional(),
  /** The messages' texts as they are, without the model's chat template: for base models. */
  raw_prompt: z.boolean().optional(),
});
export type ChatCompletionRequest = z.infer<typeof chatCompletionRequestSchema>;

export const defaultMaxTokens = 256;

/** What is asked of a model in a chat, by whomever: the endpoint, the page, the built-in judge. */
export interface ChatTurn {
  messages: ChatMessage[];
  raw?: boolean;
  maxTokens: number;
  temperature: number;
  topP?: number | undefined;
  seed?: number | undefined;
  stop?: string[] | undefined;
  /** Alternatives of the first token. */
  topLogprobs?: number | undefined;
  /** Alternatives of every token. */
  logprobs?: number | undefined;
  steering?: Steering | undefined;
}

/** The row that an engine generates. */
export function chatRow({
  messages,
  raw,
  maxTokens,
  temperature,
  topP,
  seed,
  ...rest
}: ChatTurn): GenerateRow {
  const { topLogprobs, logprobs, steering, stop } = rest;
  return {
    prompt: raw ? { text: messages.map(({ content }) => content).join("\n\n") } : { messages },
    maxNewTokens: maxTokens,
    ...(temperature > 0
      ? { sampling: { temperature, topP: topP ?? 1 }, ...(seed === undefined ? {} : { seed }) }
      : {}),
    ...(topLogprobs === undefined ? {} : { topLogprobs }),
    ...(logprobs === undefined ? {} : { logprobs }),
    ...(stop && stop.length > 0 ? { stop } : {}),
    ...(steering && steering.vectors.length > 0 ? { steering } : {}),
  };
}

/** One turn a wanted answer; the answers of one request differ by their seeds. */
export function turnsOf(
  request: ChatCompletionRequest,
  steering: Steering | undefined,
  randomSeed: () => number,
): ChatTurn[] {
  const { seed, logprobs, top_logprobs } = request;
  const first = seed ?? randomSeed();
  return Array.from({ length: request.n ?? 1 }, (_, at) => ({
    messages: request.messages,
    raw: request.raw_prompt ?? false,
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? defaultMaxTokens,
    temperature: request.temperature ?? 1,
    topP: request.top_p ?? undefined,
    seed: first + at,
    stop: request.stop ?? undefined,
    logprobs: logprobs ? (top_logprobs ?? 0) : undefined,
    steering,
  }));
}
