import type { Generation, TokenAlternative, TokenLogprobs } from "./contract.ts";
import type { DecodedLogprobs, DecodedRow } from "./generate.ts";
import type { TokenLogprob } from "./logprobs.ts";
import { stopIndex } from "./stop-text.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** A decoded row in words. @param stop the row's stop texts: the answer ends before the first of them */
export function generationOf(
  tokenizer: Tokenizer,
  promptTokens: number[],
  { tokens, finish, alternatives, logprobs }: DecodedRow,
  stop: readonly string[] = [],
): Generation {
  const text = tokenizer.decode(tokens, false);
  const end = finish === "stop" ? stopIndex(text, stop) : -1;
  return {
    promptTokens,
    responseTokens: tokens,
    promptText: tokenizer.decode(promptTokens),
    answer: end < 0 ? text : text.slice(0, end),
    finish,
    alternatives: alternatives.map((token) => named(tokenizer, token)),
    ...(logprobs.length > 0 ? { logprobs: logprobs.map((token) => namedLogprobs(tokenizer, token)) } : {}),
  };
}

/** A token's probabilities with the texts of the tokens. */
export function namedLogprobs(tokenizer: Tokenizer, token: DecodedLogprobs): TokenLogprobs {
  return {
    ...named(tokenizer, token),
    alternatives: token.alternatives.map((other) => named(tokenizer, other)),
  };
}

function named(tokenizer: Tokenizer, { id, logprob }: TokenLogprob): TokenAlternative {
  return { token: tokenizer.decode([id]), logprob };
}
