import type { ChatMessage, Completion, CompletionRequest, TokenPrice, TokenUsage } from "./contract.ts";

/**
 * List prices in US dollars per million tokens, as published by the model's maker (platform.openai.com/docs/pricing, 2025).
 * A model that is not here has no known price; none is guessed.
 */
const listPrices: Readonly<Record<string, TokenPrice>> = {
  "gpt-4.1": { prompt: 2, completion: 8 },
  "gpt-4.1-mini": { prompt: 0.4, completion: 1.6 },
  "gpt-4.1-nano": { prompt: 0.1, completion: 0.4 },
  "gpt-4o": { prompt: 2.5, completion: 10 },
  "gpt-4o-mini": { prompt: 0.15, completion: 0.6 },
};

/** The list price of a model name, dated snapshots (`gpt-4.1-mini-2025-04-14`) included; null where it is unknown. */
export function knownPrice(model: string): TokenPrice | null {
  const name = model.replace(/-\d{4}-\d{2}-\d{2}$/, "");
  return Object.hasOwn(listPrices, name) ? (listPrices[name] ?? null) : null;
}

/** US dollars; null where the price or the usage is unknown. */
export function costOf(usage: TokenUsage | null, price: TokenPrice | null): number | null {
  if (!price) return null;
  if (price.prompt === 0 && price.completion === 0) return 0;
  if (!usage) return null;
  return (usage.promptTokens * price.prompt + usage.completionTokens * price.completion) / 1e6;
}

/** Of several calls; null once one of them tells none. */
export function totalUsage(paid: readonly Pick<Completion, "usage">[]): TokenUsage | null {
  return paid.reduce<TokenUsage | null>(
    (sum, { usage }) =>
      sum && usage
        ? {
            promptTokens: sum.promptTokens + usage.promptTokens,
            completionTokens: sum.completionTokens + usage.completionTokens,
          }
        : null,
    { promptTokens: 0, completionTokens: 0 },
  );
}

/** US dollars of several calls; null once one of them is unknown. */
export function totalCost(
  paid: readonly Pick<Completion, "usage">[],
  price: TokenPrice | null,
): number | null {
  return paid.reduce<number | null>((sum, { usage }) => {
    const cost = costOf(usage, price);
    return sum === null || cost === null ? null : sum + cost;
  }, 0);
}

/**
 * The most a request can cost, in US dollars: half a token a byte of prompt (English has about a quarter) and the
 * longest allowed reply. What the spending cap reserves before a call.
 */
export function costBound(request: CompletionRequest, price: TokenPrice): number {
  return (promptTokenBound(request.messages) * price.prompt + request.maxTokens * price.completion) / 1e6;
}

const tokensPerMessage = 8;

function promptTokenBound(messages: readonly ChatMessage[]): number {
  const encoder = new TextEncoder();
  return messages.reduce(
    (sum, { content }) => sum + tokensPerMessage + Math.ceil(encoder.encode(content).length / 2),
    0,
  );
}

/** Tokens a request is likely to take: a quarter token a byte, and the reply a score needs. For the plan before a run. */
export function typicalUsage(request: CompletionRequest): TokenUsage {
  return {
    promptTokens: Math.ceil(promptTokenBound(request.messages) / 2),
    completionTokens: Math.min(request.maxTokens, 10),
  };
}
