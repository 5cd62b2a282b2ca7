import { AppError } from "#lib/core/errors.ts";

/** Activations of one layer, one row an example: row-major [count, dim] float32. */
export interface Rows {
  data: Float32Array;
  count: number;
  dim: number;
}

/** Row `at` as a view. */
export function row(rows: Rows, at: number): Float32Array {
  return rows.data.subarray(at * rows.dim, (at + 1) * rows.dim);
}

/** The rows at these places, in this order, copied. */
export function selectRows(rows: Rows, places: ArrayLike<number>): Rows {
  const data = new Float32Array(places.length * rows.dim);
  for (let at = 0; at < places.length; at++) data.set(row(rows, places[at] as number), at * rows.dim);
  return { data, count: places.length, dim: rows.dim };
}

/** Both sets of rows, `first` on top, copied. */
export function stackRows(first: Rows, second: Rows): Rows {
  const data = new Float32Array(first.data.length + second.data.length);
  data.set(first.data);
  data.set(second.data, first.data.length);
  return { data, count: first.count + second.count, dim: first.dim };
}

/**
 * One layer of an activations tensor [examples, layers, dim] (formats.md section 2), copied.
 * @param layer 0-based block whose output is read
 */
export function layerRows(
  activations: Float32Array,
  shape: { examples: number; layers: number; dim: number },
  layer: number,
): Rows {
  const { examples, layers, dim } = shape;
  const data = new Float32Array(examples * dim);
  for (let at = 0; at < examples; at++) {
    const start = (at * layers + layer) * dim;
    data.set(activations.subarray(start, start + dim), at * dim);
  }
  return { data, count: examples, dim };
}

/**
 * Throws `invalid-input` unless the rows are there, complete and finite.
 * @param name what the message calls them, such as "positive training rows"
 */
export function checkRows(rows: Rows, name: string): void {
  if (rows.count === 0) throw new AppError("invalid-input", `there are no ${name}`);
  if (rows.dim < 1 || rows.data.length !== rows.count * rows.dim) {
    throw new AppError(
      "invalid-input",
      `${name}: ${rows.count} rows of ${rows.dim} numbers are not ${rows.data.length} numbers`,
    );
  }
  let bad = 0;
  while (bad < rows.data.length && Number.isFinite(rows.data[bad])) bad++;
  if (bad < rows.data.length) {
    throw new AppError(
      "invalid-input",
      `${name}: row ${Math.floor(bad / rows.dim)}, dimension ${bad % rows.dim} is ${rows.data[bad]}: capture these activations again (float32 helps where float16 overflows)`,
    );
  }
}

/** Mean of the rows [dim] in float64. @param rows at least one */
export function meanRow(rows: Rows): Float64Array {
  const sum = new Float64Array(rows.dim);
  for (let at = 0, offset = 0; at < rows.count; at++) {
    for (let d = 0; d < rows.dim; d++, offset++) {
      sum[d] = (sum[d] as number) + (rows.data[offset] as number);
    }
  }
  return sum.map((value) => value / rows.count);
}

/** Every row minus `centre`, times its factor (1 when not given): row-major [count, dim] in float64. */
export function shiftedRows(rows: Rows, centre: Float64Array, factors?: Float64Array): Float64Array {
  const result = new Float64Array(rows.data.length);
  for (let at = 0, offset = 0; at < rows.count; at++) {
    const factor = factors ? (factors[at] as number) : 1;
    for (let d = 0; d < rows.dim; d++, offset++) {
      result[offset] = ((rows.data[offset] as number) - (centre[d] as number)) * factor;
    }
  }
  return result;
}

/** Projection a·v of every row [count] in float64. @param vector [dim] */
export function project(rows: Rows, vector: ArrayLike<number>): Float64Array {
  const result = new Float64Array(rows.count);
  for (let at = 0, offset = 0; at < rows.count; at++) {
    let sum = 0;
    for (let d = 0; d < rows.dim; d++, offset++) {
      sum += (rows.data[offset] as number) * (vector[d] as number);
    }
    result[at] = sum;
  }
  return result;
}

/** ‖a‖ of every row [count] in float64. */
export function rowNorms(rows: Rows): Float64Array {
  const result = new Float64Array(rows.count);
  for (let at = 0, offset = 0; at < rows.count; at++) {
    let sum = 0;
    for (let d = 0; d < rows.dim; d++, offset++) sum += (rows.data[offset] as number) ** 2;
    result[at] = Math.sqrt(sum);
  }
  return result;
}
