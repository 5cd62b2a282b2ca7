import { median } from "#lib/core/statistics.ts";
import type { Rows } from "./rows.ts";

/** A massive dimension: one whose largest activation dwarfs a layer's typical one at several layers. */
export interface MassiveDimension {
  dimension: number;
  /** Ascending layers where the ratio is exceeded. */
  layers: number[];
  /** Largest max|h| / median|h| over those layers. */
  ratio: number;
}

/**
 * Dimensions with max|h| / median|h| above `ratio` at `minLayers` layers or more (Sun et al. 2024, "Massive
 * activations"; thresholds of algorithms.md). The maximum is the dimension's over the rows, the median the layer's.
 * @param layers rows of each layer over a calibration set, layer 0 first
 */
export function massiveDimensions(
  layers: readonly Rows[],
  { ratio = 100, minLayers = 3 }: { ratio?: number; minLayers?: number } = {},
): MassiveDimension[] {
  const found = new Map<number, MassiveDimension>();
  layers.forEach((rows, layer) => {
    const magnitudes = rows.data.map(Math.abs);
    const typical = median(magnitudes) ?? 0;
    const largest = new Float32Array(rows.dim);
    magnitudes.forEach((value, at) => {
      const dimension = at % rows.dim;
      largest[dimension] = Math.max(largest[dimension] as number, value);
    });
    largest.forEach((value, dimension) => {
      if (typical === 0 || value / typical <= ratio) return;
      const entry = found.get(dimension) ?? { dimension, layers: [], ratio: 0 };
      entry.layers.push(layer);
      entry.ratio = Math.max(entry.ratio, value / typical);
      found.set(dimension, entry);
    });
  });
  return [...found.values()]
    .filter((entry) => entry.layers.length >= minLayers)
    .sort((a, b) => b.ratio - a.ratio || a.dimension - b.dimension);
}

/** A copy of the rows with these dimensions set to zero. */
export function withoutDimensions(rows: Rows, dimensions: readonly number[]): Rows {
  const data = rows.data.slice();
  for (let at = 0; at < rows.count; at++) {
    for (const dimension of dimensions) data[at * rows.dim + dimension] = 0;
  }
  return { ...rows, data };
}
