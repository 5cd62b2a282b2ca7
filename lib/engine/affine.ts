import { AppError } from "#lib/core/errors.ts";
import { addScaled, dot, norm, scaled } from "#lib/core/linear.ts";
import type { Steering } from "./contract.ts";
import type { HostTensor } from "./session.ts";

/** A layer's edit: what is added along each direction, and how much of the state's own projection goes with it. */
interface LayerEdit {
  /** K directions [hidden]. */
  directions: ArrayLike<number>[];
  add: number[];
  mul: number[];
}

/** The edit of every row in the graph's terms; one row where all are steered alike, which the graph broadcasts. */
export interface AffineTensors {
  /** float32 [rows, layers, K, hidden] */
  directions: HostTensor;
  /** float32 [rows, layers, K] */
  add: HostTensor;
  mul: HostTensor;
}

/** Whether a steering does more than add. */
export function isAffine(steering: Steering | undefined): boolean {
  return steering?.vectors.some(({ operator = "add" }) => operator !== "add") ?? false;
}

/**
 * Steering that ablates or clamps, for the graph's h + (add + mul ∘ (h·Vᵀ))·V. Additions come first; then the
 * projections on all ablated and clamped directions of a layer take their values at once, whatever angle lies between
 * them. Throws `invalid-input` where two of them contradict each other.
 */
export function affineTensors(
  rows: readonly (Steering | undefined)[],
  model: { layers: number; hidden: number },
): AffineTensors {
  const shared = rows.every((steering) => steering === rows[0]);
  const edits = (shared ? rows.slice(0, 1) : rows).map((steering) =>
    Array.from({ length: model.layers }, (_, layer) => layerEdit(steering, layer, model.hidden)),
  );
  const count = Math.max(1, ...edits.flat().map(({ directions }) => directions.length));
  const cells = edits.length * model.layers * count;
  const directions = new Float32Array(cells * model.hidden);
  const add = new Float32Array(cells);
  const mul = new Float32Array(cells);
  for (const [at, edit] of edits.flat().entries()) {
    edit.directions.forEach((direction, k) => {
      const cell = at * count + k;
      directions.set(direction, cell * model.hidden);
      add[cell] = edit.add[k] ?? 0;
      mul[cell] = edit.mul[k] ?? 0;
    });
  }
  const dims = [edits.length, model.layers, count];
  return {
    directions: { type: "float32", dims: [...dims, model.hidden], data: directions },
    add: { type: "float32", dims, data: add },
    mul: { type: "float32", dims, data: mul },
  };
}

function layerEdit(steering: Steering | undefined, layer: number, hidden: number): LayerEdit {
  const own = steering?.vectors.filter((part) => part.layer === layer) ?? [];
  const added = new Float64Array(hidden);
  for (const { vector, coef, operator = "add" } of own) {
    if (operator !== "add") continue;
    addScaled(added, vector, coef);
  }
  const edit: LayerEdit = { directions: [], add: [], mul: [] };
  for (const { direction, target } of orthogonal(own, layer)) {
    edit.directions.push(direction);
    edit.add.push(target - dot(direction, added));
    edit.mul.push(-1);
  }
  if (norm(added) > 0) {
    edit.directions.push(added);
    edit.add.push(1);
    edit.mul.push(0);
  }
  return edit;
}

/** Below this share of a unit vector what is left of it after the others is rounding. */
const DEPENDENT = 1e-5;

/**
 * The ablated and clamped directions of a layer as an orthonormal basis with the projections that the state shall have
 * on it (Gram–Schmidt; targets by forward substitution).
 */
function orthogonal(
  parts: Steering["vectors"],
  layer: number,
): { direction: Float64Array; target: number }[] {
  const basis: { direction: Float64Array; target: number }[] = [];
  for (const { vector, coef, operator = "add" } of parts) {
    if (operator === "add") continue;
    const length = norm(vector);
    const rest = scaled(Float64Array.from(vector), 1 / length);
    let target = operator === "clamp" ? coef : 0;
    // Twice: once leaves rounding of the order of the angle between nearly parallel vectors.
    for (const _ of [0, 1]) {
      for (const { direction, target: known } of basis) {
        const share = dot(rest, direction);
        target -= share * known;
        addScaled(rest, direction, -share);
      }
    }
    const left = norm(rest);
    if (left > DEPENDENT) {
      basis.push({ direction: scaled(rest, 1 / left), target: target / left });
    } else if (Math.abs(target) > DEPENDENT * Math.max(1, Math.abs(coef))) {
      throw new AppError(
        "invalid-input",
        `layer ${layer}: two vectors of one direction are to be held at different values; leave one out`,
      );
    }
  }
  return basis;
}
