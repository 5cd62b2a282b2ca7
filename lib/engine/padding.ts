/**
 * Right-padded token ids. Right always: graphs with GroupQueryAttention take the mask's sum for the sequence length
 * and are wrong with padding on the left.
 * @returns ids int32 [rows, width], padded with `pad`
 */
export function padRight(rows: readonly (readonly number[])[], width: number, pad: number): Int32Array {
  const ids = new Int32Array(rows.length * width).fill(pad);
  rows.forEach((tokens, row) => {
    ids.set(tokens, row * width);
  });
  return ids;
}

/**
 * The attention mask of right-padded prompts followed by generated tokens: `1 1 1 0 0 1`.
 * @param lengths prompt tokens of each row
 * @param width the padded prompt width
 * @param generated tokens after it, real in every row
 * @returns int32 [rows, width + generated]
 */
export function attentionMask(lengths: readonly number[], width: number, generated = 0): Int32Array {
  const total = width + generated;
  const mask = new Int32Array(lengths.length * total);
  lengths.forEach((length, row) => {
    mask.fill(1, row * total, row * total + length);
    mask.fill(1, row * total + width, (row + 1) * total);
  });
  return mask;
}

/** Position ids of right-padded prompts (the mask's cumulative sum − 1): int32 [rows, width]. */
export function promptPositions(lengths: readonly number[], width: number): Int32Array {
  const positions = new Int32Array(lengths.length * width);
  lengths.forEach((length, row) => {
    for (let at = 0; at < width; at++) positions[row * width + at] = Math.max(0, Math.min(at, length - 1));
  });
  return positions;
}
