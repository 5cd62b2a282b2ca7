import { z } from "zod";
import type { FinishReason, Generation, TokenAlternative, TokenLogprobs } from "#lib/engine/contract.ts";
import { finishReasons } from "#lib/engine/contract.ts";

/** What every answer and every chunk of one request say. */
export interface AnswerHead {
  id: string;
  /** Seconds since 1970. */
  created: number;
  model: string;
  system_fingerprint: string;
}

const finish: Record<FinishReason, "stop" | "length"> = {
  eos: "stop",
  stop: "stop",
  length: "length",
  "not-finite": "stop",
};

function alternative({ token, logprob }: TokenAlternative) {
  return { token, logprob, bytes: [...new TextEncoder().encode(token)] };
}

function logprobsOf(tokens: readonly TokenLogprobs[] | undefined) {
  if (!tokens) return null;
  const content = tokens.map(({ alternatives, ...token }) => ({
    ...alternative(token),
    top_logprobs: alternatives.map(alternative),
  }));
  return { content, refusal: null };
}

function usageOf(generations: readonly Generation[]) {
  const prompt = generations[0]?.promptTokens.length ?? 0;
  const completion = generations.reduce((sum, { responseTokens }) => sum + responseTokens.length, 0);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

/** Tiller's own word on an answer: the very tokens, and an end that OpenAI's API has no name for. */
const ownSchema = z.object({
  finish: z.enum(finishReasons),
  prompt_tokens: z.array(z.number()),
  response_tokens: z.array(z.number()),
});

function own({ finish: reason, promptTokens, responseTokens }: Generation): z.infer<typeof ownSchema> {
  return { finish: reason, prompt_tokens: promptTokens, response_tokens: responseTokens };
}

/** A whole answer, `chat.completion`. */
export function completionOf(head: AnswerHead, generations: readonly Generation[]) {
  return {
    ...head,
    object: "chat.completion" as const,
    choices: generations.map((generation, index) => ({
      index,
      message: { role: "assistant" as const, content: generation.answer, refusal: null },
      logprobs: logprobsOf(generation.logprobs),
      finish_reason: finish[generation.finish],
      tiller: own(generation),
    })),
    usage: usageOf(generations),
  };
}

const chunk = (head: AnswerHead, choices: object[]) => ({
  ...head,
  object: "chat.completion.chunk" as const,
  choices,
});

/** The chunks of a streamed answer, `chat.completion.chunk`. */
export const chunks = {
  start: (head: AnswerHead, index: number) =>
    chunk(head, [{ index, delta: { role: "assistant", content: "" }, logprobs: null, finish_reason: null }]),
  piece: (head: AnswerHead, index: number, content: string, logprobs: TokenLogprobs | undefined) =>
    chunk(head, [
      { index, delta: { content }, logprobs: logprobs ? logprobsOf([logprobs]) : null, finish_reason: null },
    ]),
  end: (head: AnswerHead, index: number, generation: Generation) =>
    chunk(head, [
      {
        index,
        delta: {},
        logprobs: null,
        finish_reason: finish[generation.finish],
        tiller: own(generation),
      },
    ]),
  usage: (head: AnswerHead, generations: readonly Generation[]) => ({
    ...chunk(head, []),
    usage: usageOf(generations),
  }),
};

/** What the page reads of a chunk. */
export const chunkSchema = z.object({
  choices: z.array(
    z.object({
      index: z.number(),
      delta: z.object({ content: z.string().optional() }),
      tiller: ownSchema.optional(),
    }),
  ),
});
