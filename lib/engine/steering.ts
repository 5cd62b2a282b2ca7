import { AppError } from "#lib/core/errors.ts";
import type { SteeredTokens, Steering } from "./contract.ts";
import type { HostTensor } from "./session.ts";

/** Checks a row's steering against the model. Throws `invalid-input`. */
export function checkSteering(steering: Steering, model: { layers: number; hidden: number }): void {
  for (const { layer, vector, coef, operator = "add" } of steering.vectors) {
    if (!Number.isInteger(layer) || layer < 0 || layer >= model.layers) {
      throw new AppError(
        "invalid-input",
        `cannot steer layer ${layer}: this model has layers 0 to ${model.layers - 1}`,
      );
    }
    if (vector.length !== model.hidden) {
      throw new AppError(
        "invalid-input",
        `a steering vector of ${vector.length} values does not fit this model, whose width is ${model.hidden}: it was made with another model`,
      );
    }
    if (!Number.isFinite(coef) || !vector.every(Number.isFinite)) {
      throw new AppError(
        "invalid-input",
        `the steering of layer ${layer} holds a value that is not a finite number`,
      );
    }
    if (operator !== "add" && !vector.some((value) => value !== 0)) {
      throw new AppError(
        "invalid-input",
        `layer ${layer}: a vector of zeros has no direction to ${operator}`,
      );
    }
  }
}

/**
 * What is added after each block: Σ coef·vector, float32 [rows, layers, hidden]; [1, layers, hidden] when every row
 * has the same steering, which the graph broadcasts.
 */
export function steerTensor(
  rows: readonly (Steering | undefined)[],
  model: { layers: number; hidden: number },
): HostTensor {
  const shared = rows.every((steering) => steering === rows[0]);
  const kept = shared ? rows.slice(0, 1) : rows;
  const size = model.layers * model.hidden;
  const data = new Float32Array(kept.length * size);
  kept.forEach((steering, row) => {
    for (const { layer, vector, coef } of steering?.vectors ?? []) {
      const start = row * size + layer * model.hidden;
      for (let at = 0; at < vector.length; at++) {
        data[start + at] = (data[start + at] as number) + coef * (vector[at] as number);
      }
    }
  });
  return { type: "float32", dims: [kept.length, model.layers, model.hidden], data };
}

/**
 * Which prompt tokens are steered: 1 or 0 a token, float32 [rows, width, 1]; padding is never steered.
 * @param lengths prompt tokens of each row
 */
export function promptGate(
  scopes: readonly (SteeredTokens | undefined)[],
  lengths: readonly number[],
  width: number,
): HostTensor {
  const data = new Float32Array(lengths.length * width);
  lengths.forEach((length, row) => {
    const scope = scopes[row];
    if (scope === "all" || scope === "prompt") data.fill(1, row * width, row * width + length);
    if (scope === "default") data[row * width + length - 1] = 1;
  });
  return { type: "float32", dims: [lengths.length, width, 1], data };
}

/** Whether each row's generated token is steered: float32 [rows, 1, 1]. */
export function generatedGate(scopes: readonly (SteeredTokens | undefined)[]): HostTensor {
  const data = Float32Array.from(scopes, (scope) => (scope === undefined || scope === "prompt" ? 0 : 1));
  return { type: "float32", dims: [scopes.length, 1, 1], data };
}
