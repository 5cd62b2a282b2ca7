import type { Completion, CompletionRequest, JudgeMethod } from "./contract.ts";
import { probeMessages } from "./prompts/render.ts";
import { integerOf } from "./scoring.ts";

/**
 * The probe: one call per judge that asks for the line `100 85 37`.
 *
 * A score by log-probabilities is sound only where 0-100 are single tokens. A tokenizer that writes 85 as `8`, `5`
 * (Llama 2, Qwen, Gemma …) would yield `8`, with plenty of mass and no sign of an error. With one token a call the
 * continuation is never seen; here it is: every number of several digits in the reply must be one token.
 */
export const probeRequest: CompletionRequest = {
  messages: probeMessages(),
  maxTokens: 16,
  temperature: 0,
  seed: 42,
  topLogprobs: 20,
};

/**
 * `logprobs` only where the probe's reply proves it: alternatives are there, the reply starts with a number, and 100 and
 * a two-digit number were each written as one token. No alternatives, split numbers, unknown tokens, an opening blank
 * or a reply without the numbers: `json`.
 */
export function methodOf(completion: Completion): JudgeMethod {
  const { tokens, firstTokenAlternatives } = completion;
  const first = tokens?.[0];
  if (!firstTokenAlternatives?.length || !tokens || first === undefined || integerOf(first) === null)
    return "json";
  const numbers = numbersIn(tokens);
  const whole = (digits: number) => numbers.some((number) => number.digits === digits);
  return numbers.every((number) => number.tokens === 1) && whole(3) && whole(2) ? "logprobs" : "json";
}

/** The runs of at least two digits in a tokenized text, with how many tokens each touches. */
function numbersIn(tokens: readonly string[]): { digits: number; tokens: number }[] {
  const owners = tokens.flatMap((token, at) => token.split("").map((character) => ({ character, at })));
  const text = owners.map(({ character }) => character).join("");
  return [...text.matchAll(/[0-9]{2,}/g)].map(({ index, 0: run }) => ({
    digits: run.length,
    tokens: new Set(owners.slice(index, index + run.length).map(({ at }) => at)).size,
  }));
}
