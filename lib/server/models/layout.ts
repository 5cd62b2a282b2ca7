import type { ReferenceCase } from "./reference.ts";

/** A reference case as it is fed to a graph: [B, T] each. */
export interface Layout {
  tokens: Int32Array;
  mask: Int32Array;
  positions: Int32Array;
  /** For each real token: its index in the fed batch and in the reference, both row * T + column. */
  real: { fed: number; reference: number }[];
}

/** The case as the reference has it. */
export function asGiven(tokens: Int32Array, { mask, positions }: ReferenceCase): Layout {
  const real = [...mask.keys()].filter((at) => mask[at] === 1).map((at) => ({ fed: at, reference: at }));
  return { tokens, mask, positions, real };
}

/** The same real tokens with all padding on the right, for graphs that are wrong with padding on the left. */
export function rightPadded(tokens: Int32Array, { mask, positions }: ReferenceCase, length: number): Layout {
  const layout: Layout = {
    tokens: new Int32Array(tokens.length),
    mask: new Int32Array(tokens.length),
    positions: new Int32Array(tokens.length),
    real: [],
  };
  for (let start = 0; start < tokens.length; start += length) {
    let fed = start;
    for (let reference = start; reference < start + length; reference++) {
      if (mask[reference] !== 1) continue;
      layout.tokens[fed] = tokens[reference] ?? 0;
      layout.positions[fed] = positions[reference] ?? 0;
      layout.mask[fed] = 1;
      layout.real.push({ fed, reference });
      fed++;
    }
  }
  return layout;
}

/**
 * Largest absolute difference over the real tokens (the padded ones are excluded).
 * @param measured [blocks, B * T, width]
 * @param expected the same, in the reference's layout
 * @returns Infinity where a value is not a number
 */
export function maxError(
  measured: Float32Array,
  expected: Float32Array,
  { real, tokens }: Layout,
  width: number,
): number {
  let largest = 0;
  const blockSize = tokens.length * width;
  for (let block = 0; block < expected.length; block += blockSize) {
    for (const { fed, reference } of real) {
      for (let at = 0; at < width; at++) {
        const error = Math.abs(
          (measured[block + fed * width + at] ?? Number.NaN) -
            (expected[block + reference * width + at] ?? Number.NaN),
        );
        if (Number.isNaN(error)) return Number.POSITIVE_INFINITY;
        if (error > largest) largest = error;
      }
    }
  }
  return largest;
}
