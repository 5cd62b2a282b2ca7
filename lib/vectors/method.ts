import { AppError } from "#lib/core/errors.ts";
import { dot, norm, scaled } from "#lib/core/linear.ts";
import { meanRow, type Rows } from "./rows.ts";

export interface ExtractOptions {
  /** Repeats every random choice of the method. */
  seed: number;
  /** [row of positives, row of negatives] that belong together. */
  pairs?: readonly (readonly [number, number])[];
}

/** One method's vector of one layer. */
export interface Extraction {
  /** [dim], unit norm; the mean of the positives projects higher than that of the negatives. */
  vector: Float32Array<ArrayBuffer>;
  /** ‖·‖ before normalising; each method's file says of what. */
  norm: number;
  /**
   * Set by a method with a decision rule of its own (probe): a row a counts as positive when
   * norm · (a·vector)/‖a‖ + bias > 0. The rule is fitted on rows of unit length, hence the ‖a‖.
   */
  bias?: number;
  /** What else there is to know, by name; finite numbers. */
  info: Record<string, number | string | boolean>;
}

/** How a vector is found from training rows. Pure: equal arguments give equal results. */
export interface VectorMethod {
  name: string;
  /** One line for help texts and pages. */
  summary: string;
  /** @param positives [n_p, dim] @param negatives [n_n, dim], both checked: at least one row each, all finite */
  extract(positives: Rows, negatives: Rows, options: ExtractOptions): Extraction;
}

/** A direction at unit norm, and the norm it had. Throws `invalid-input` for a zero one. @param method for the message */
export function unitVector(
  direction: Float64Array,
  method: string,
): { vector: Float32Array<ArrayBuffer>; norm: number } {
  const length = norm(direction);
  if (!(length > 0)) {
    throw new AppError(
      "invalid-input",
      `${method} finds no direction: the positive and negative training rows do not differ; check that the responses differ and that the position holds more than shared tokens`,
    );
  }
  return { vector: Float32Array.from(direction, (value) => value / length), norm: length };
}

/** `unitVector`, turned so that the mean of the positives projects higher than that of the negatives. */
export function orientedUnit(
  direction: Float64Array,
  positives: Rows,
  negatives: Rows,
  method: string,
): { vector: Float32Array<ArrayBuffer>; norm: number } {
  const wrongWay = dot(meanRow(positives), direction) < dot(meanRow(negatives), direction);
  return unitVector(wrongWay ? scaled(direction, -1) : direction, method);
}
