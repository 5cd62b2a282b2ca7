import { projectionResponseSchema } from "#lib/chat/api.ts";
import { chunkSchema } from "#lib/chat/openai-answer.ts";
import { AppError, errorJsonSchema } from "#lib/core/errors.ts";
import { readServerSentEvents } from "#lib/formats/server-sent-events.ts";
import { request, requestStream } from "../request.ts";
import type { ChatBackend, Side, SideAnswer, Turn } from "./backend.ts";

/** The server's own devices, through the endpoint that other tools use. */
export const serverBackend: ChatBackend = {
  answer(turn, onText, signal) {
    return Promise.all(turn.sides.map((side, at) => ask(turn, side, (text) => onText(at, text), signal)));
  },
  async project(model, read, answers, signal) {
    const vectors = read.map(({ component: _, ...name }) => name);
    const rows = answers.map(({ promptTokens, responseTokens }) => ({
      prompt_tokens: promptTokens,
      response_tokens: responseTokens,
    }));
    const body = { model, vectors, rows };
    return (await request(projectionResponseSchema, "/api/projections", { method: "POST", body, signal }))
      .rows;
  },
};

async function ask(
  { model, raw, maxTokens, temperature, seed }: Turn,
  { messages, steering }: Side,
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<SideAnswer> {
  const body = await requestStream("/api/v1/chat/completions", {
    method: "POST",
    signal,
    body: {
      model,
      messages,
      temperature,
      seed,
      max_tokens: maxTokens,
      stream: true,
      ...(raw ? { raw_prompt: true } : {}),
      ...(steering ? { steering } : {}),
    },
  });
  let text = "";
  let end: Omit<SideAnswer, "text"> | null = null;
  try {
    for await (const { data } of readServerSentEvents(body)) {
      if (data === "[DONE]") break;
      const event: unknown = JSON.parse(data);
      if (event !== null && typeof event === "object" && "error" in event) {
        throw AppError.fromJSON(errorJsonSchema.parse(event.error));
      }
      for (const { delta, tiller } of chunkSchema.parse(event).choices) {
        if (delta.content) {
          text += delta.content;
          onText(delta.content);
        }
        if (tiller) {
          const { finish, prompt_tokens: promptTokens, response_tokens: responseTokens } = tiller;
          end = { finish, promptTokens, responseTokens };
        }
      }
    }
  } catch (error) {
    throw AppError.from(signal.aborted ? signal.reason : error);
  }
  if (end) return { text, ...end };
  throw new AppError("internal", "the answer ended before its end", {
    userMessage: "The server broke off in the middle of an answer; try again.",
    retryable: true,
  });
}
