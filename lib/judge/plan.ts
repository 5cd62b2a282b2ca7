import { AppError } from "#lib/core/errors.ts";
import type { CompletionRequest, JudgeItem, JudgeMethod, JudgeTransport, PromptSet } from "./contract.ts";
import { costOf, typicalUsage } from "./prices.ts";
import { type PreparedText, prepareText, renderPrompt } from "./prompts/render.ts";
import { scoreJsonSchema } from "./scoring.ts";

const seed = 42;
const topLogprobs = 20;
/** At temperature 0 three samples would be one; their median stands in for the distribution that logprobs give. */
const sampling = { count: 3, temperature: 0.7, maxTokens: 256 };

/** The calls one item takes. */
export interface ItemRequests {
  prepared: PreparedText;
  /** One request (`logprobs`) or three samples of the same question (`json`). */
  score: CompletionRequest[];
  /** ENGAGES or OFF_TOPIC; only for coherence with a question. */
  relevance?: CompletionRequest;
}

/** Builds an item's requests. Throws `invalid-input` for an item that lacks what its task needs. */
export function requestsFor(item: JudgeItem, set: PromptSet, method: JudgeMethod): ItemRequests {
  if (item.task === "answer" && item.question === undefined) {
    throw new AppError("invalid-input", `judge item ${item.id} has no question: an answer is judged with it`);
  }
  const prepared = prepareText(item);
  const messages = renderPrompt(set, item.task, item, prepared, method);
  const score: CompletionRequest[] =
    method === "logprobs"
      ? [{ messages, maxTokens: 1, temperature: 0, seed, topLogprobs }]
      : Array.from({ length: sampling.count }, (_, sample) => ({
          messages,
          maxTokens: sampling.maxTokens,
          temperature: sampling.temperature,
          seed: seed + sample,
          jsonSchema: scoreJsonSchema,
        }));
  if (item.task !== "coherence" || item.question === undefined) return { prepared, score };
  const relevance: CompletionRequest = {
    messages: renderPrompt(set, "relevance", item, prepared, method),
    maxTokens: relevanceTokens(set, method),
    temperature: 0,
    seed,
    ...(set === "builtin-1" ? { topLogprobs } : {}),
  };
  return { prepared, score, relevance };
}

// The built-in judge says the label in one token. A judge without logprobs may think aloud.
function relevanceTokens(set: PromptSet, method: JudgeMethod): number {
  if (set === "builtin-1") return 1;
  return method === "json" ? sampling.maxTokens : 8;
}

/** How many calls the items take when none is cached or repeated, retries and the probe aside. */
export function callsFor(items: readonly JudgeItem[], method: JudgeMethod = "logprobs"): number {
  const perScore = method === "json" ? sampling.count : 1;
  return items.reduce(
    (sum, item) => sum + perScore + (item.task === "coherence" && item.question !== undefined ? 1 : 0),
    0,
  );
}

/** What the items are likely to cost in US dollars (no call is made); null where the price is unknown. */
export function estimateCost(
  items: readonly JudgeItem[],
  transport: Pick<JudgeTransport, "promptSet" | "price">,
  method: JudgeMethod = "logprobs",
): number | null {
  const { price, promptSet } = transport;
  if (!price) return null;
  return items.reduce((sum, item) => {
    const { score, relevance } = requestsFor(item, promptSet, method);
    const requests = relevance ? [...score, relevance] : score;
    return requests.reduce((usd, request) => usd + (costOf(typicalUsage(request), price) ?? 0), sum);
  }, 0);
}
