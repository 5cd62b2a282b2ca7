/** A token id with the natural logarithm of its probability. */
export interface TokenLogprob {
  id: number;
  logprob: number;
}

/** What turns logits into log-probabilities when taken away: log Σ exp, accumulated in float64. NaN logits do not count. */
export function logNormaliser(logits: Float32Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (const logit of logits) if (logit > max) max = logit;
  let sum = 0;
  for (const logit of logits) if (!Number.isNaN(logit)) sum += Math.exp(logit - max);
  return max + Math.log(sum);
}

/**
 * The `count` most likely tokens by log-softmax over the whole vocabulary, accumulated in float64.
 * @param logits [vocabulary]
 * @returns most likely first, ties by lower id; fewer when the vocabulary is smaller. NaN logits never appear.
 */
export function topLogprobs(
  logits: Float32Array,
  count: number,
  normaliser = logNormaliser(logits),
): TokenLogprob[] {
  if (count === 0) return [];
  const best: TokenLogprob[] = [];
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] as number;
    const last = best[best.length - 1];
    if (Number.isNaN(logit) || (best.length >= count && last && logit <= last.logprob)) continue;
    const at = best.findIndex((other) => other.logprob < logit);
    best.splice(at < 0 ? best.length : at, 0, { id, logprob: logit });
    if (best.length > count) best.pop();
  }
  return best.map(({ id, logprob }) => ({ id, logprob: logprob - normaliser }));
}
