import { AppError } from "#lib/core/errors.ts";
import { dot, norm } from "#lib/core/linear.ts";
import type { CaptureRow, Component, Engine, EngineCallOptions } from "./contract.ts";

/** A direction in one layer's states, [hidden], of any length but 0. */
export interface Direction {
  layer: number;
  component: Component;
  vector: Float32Array;
}

/** Numbers that one capture may give back at most: 64 MB of states. */
const CAPTURED_VALUES = 2 ** 24;

/**
 * The projection h·v̂ of every token of every row on every direction, as the unsteered model reads the row.
 * @returns [rows][directions][tokens], prompt tokens first
 * Throws what `capture` throws; `invalid-input` for a vector of another width or of length 0.
 */
export async function projectTokens(
  engine: Engine,
  rows: readonly CaptureRow[],
  directions: readonly Direction[],
  options: Pick<EngineCallOptions, "signal" | "onNotice"> = {},
): Promise<Float64Array[][]> {
  const { hidden } = engine.describe();
  const units = directions.map((direction) => ({ ...direction, vector: unit(direction, hidden) }));
  const lengths = rows.map(({ promptTokens, responseTokens }) => promptTokens.length + responseTokens.length);
  const result = lengths.map((length) => units.map(() => new Float64Array(length)));
  for (const component of new Set(units.map((direction) => direction.component))) {
    const own = units.filter((direction) => direction.component === component);
    const layers = [...new Set(own.map(({ layer }) => layer))].sort((a, b) => a - b);
    for (const group of groupsOf(lengths, layers.length * hidden)) {
      const longest = Math.max(...group.map((row) => lengths[row] ?? 0));
      const positions = Array.from({ length: longest }, (_, index) => ({
        frame: "all" as const,
        slice: { index },
      }));
      const request = { rows: group.map((row) => rows[row] as CaptureRow), positions, component, layers };
      const captured = await engine.capture(request, options);
      for (const [at, row] of group.entries()) {
        const states = captured[at]?.values;
        if (!states) throw new AppError("internal", "a row's states are missing");
        units.forEach(({ layer, vector, component: wanted }, place) => {
          if (wanted !== component) return;
          const values = result[row]?.[place];
          const depth = layers.indexOf(layer);
          for (let token = 0; token < (lengths[row] ?? 0); token++) {
            const start = (token * layers.length + depth) * hidden;
            if (values) values[token] = dot(states.subarray(start, start + hidden), vector);
          }
        });
      }
    }
  }
  return result;
}

function unit({ layer, vector }: Direction, hidden: number): Float64Array {
  const length = norm(vector);
  if (vector.length !== hidden) {
    throw new AppError(
      "invalid-input",
      `a vector of ${vector.length} values (layer ${layer}) does not fit this model, whose width is ${hidden}: it was made with another model`,
    );
  }
  if (!(length > 0))
    throw new AppError("invalid-input", `layer ${layer}: a vector of zeros has no direction`);
  return Float64Array.from(vector, (value) => value / length);
}

/** Rows of like length together, as many as one capture may give back; rows without a token are left out. */
function groupsOf(lengths: readonly number[], valuesPerToken: number): number[][] {
  const order = lengths.flatMap((length, row) => (length > 0 ? [row] : []));
  order.sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0));
  const groups: number[][] = [];
  for (let at = 0; at < order.length; ) {
    const longest = lengths[order[at] as number] ?? 1;
    const size = Math.max(1, Math.floor(CAPTURED_VALUES / (longest * valuesPerToken)));
    groups.push(order.slice(at, at + size));
    at += size;
  }
  return groups;
}
