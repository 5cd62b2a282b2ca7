import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { readSafetensors, writeSafetensors } from "#lib/formats/safetensors.ts";
import { float32Tensor, int8Tensor, int32Tensor, type Tensor, toFloat32 } from "#lib/formats/tensor.ts";
import type { LayerActivations } from "#lib/vectors/layer.ts";

/** Hidden states of several items at every layer, as `train_all_layers.safetensors` holds them. */
export interface ActivationTable {
  layers: number;
  hidden: number;
  /** The capture key of each row; none for a file another tool wrote. */
  keys: string[];
  /** 1 positive, 0 negative; positives come first. */
  labels: Int8Array<ArrayBuffer>;
  /** 0-based scenario of each row. */
  indices: Int32Array<ArrayBuffer>;
  /** [rows, layers, hidden] */
  values: Float32Array<ArrayBuffer>;
}

export interface ActivationRow {
  key: string;
  label: 0 | 1;
  index: number;
  /** [layers, hidden] */
  values: Float32Array;
}

/** Puts rows into one table, in their order. Throws `internal` for a row of another shape. */
export function tableOf(rows: readonly ActivationRow[], layers: number, hidden: number): ActivationTable {
  const size = layers * hidden;
  const values = new Float32Array(rows.length * size);
  rows.forEach((row, at) => {
    if (row.values.length !== size) {
      throw new AppError(
        "internal",
        `a row of ${row.values.length} values does not fit ${layers} layers of ${hidden}`,
      );
    }
    values.set(row.values, at * size);
  });
  return {
    layers,
    hidden,
    keys: rows.map(({ key }) => key),
    labels: Int8Array.from(rows, ({ label }) => label),
    indices: Int32Array.from(rows, ({ index }) => index),
    values,
  };
}

/** The table's rows as views. */
export function rowsOf({ layers, hidden, keys, labels, indices, values }: ActivationTable): ActivationRow[] {
  const size = layers * hidden;
  return keys.map((key, at) => ({
    key,
    label: labels[at] === 1 ? 1 : 0,
    index: indices[at] ?? 0,
    values: values.subarray(at * size, (at + 1) * size),
  }));
}

const keysSchema = z.array(z.string());

/** formats.md section 2: tensors `activations`, `labels` and `indices`. */
export function writeTable(table: ActivationTable): Uint8Array<ArrayBuffer> {
  const rows = table.labels.length;
  return writeSafetensors(
    {
      activations: float32Tensor(table.values, [rows, table.layers, table.hidden]),
      labels: int8Tensor(table.labels, [rows]),
      indices: int32Tensor(table.indices, [rows]),
    },
    { item_keys: JSON.stringify(table.keys) },
  );
}

/** Reads what `writeTable` wrote, or another tool's file with the same tensors. Throws `invalid-file`. */
export function readTable(bytes: Uint8Array, file: string): ActivationTable {
  const { tensors, metadata } = readSafetensors(bytes, file);
  const activations = tensor(tensors, "activations", 3, file);
  const [rows = 0, layers = 0, hidden = 0] = activations.shape;
  const labels = Int8Array.from(toFloat32(tensor(tensors, "labels", 1, file)));
  const indices = Int32Array.from(toFloat32(tensor(tensors, "indices", 1, file)));
  if (labels.length !== rows || indices.length !== rows) {
    throw new AppError(
      "invalid-file",
      `${file}: ${rows} rows of activations, but ${labels.length} labels and ${indices.length} indices: capture again`,
    );
  }
  return {
    layers,
    hidden,
    keys: itemKeys(metadata.item_keys, rows),
    labels,
    indices,
    values: toFloat32(activations),
  };
}

function tensor(tensors: Map<string, Tensor>, name: string, dimensions: number, file: string): Tensor {
  const found = tensors.get(name);
  if (found && found.shape.length === dimensions) return found;
  throw new AppError(
    "invalid-file",
    `${file}: ${found ? `tensor ${name} has ${found.shape.length} dimensions instead of ${dimensions}` : `there is no tensor ${name}`}: capture again`,
  );
}

function itemKeys(text: string | undefined, rows: number): string[] {
  if (text === undefined) return [];
  try {
    const keys = keysSchema.parse(JSON.parse(text));
    return keys.length === rows ? keys : [];
  } catch {
    return [];
  }
}

/** One layer's rows, copied. */
export function layerOf(table: ActivationTable, layer: number): LayerActivations {
  const { layers, hidden } = table;
  const rows = table.labels.length;
  const values = new Float32Array(rows * hidden);
  for (let row = 0; row < rows; row++) {
    const start = (row * layers + layer) * hidden;
    values.set(table.values.subarray(start, start + hidden), row * hidden);
  }
  return { values, labels: table.labels.slice(), indices: table.indices.slice(), hidden };
}

/** Mean Euclidean length of the rows at each layer, in float64; empty for a table without rows. */
export function meanNorms({ layers, hidden, labels, values }: ActivationTable): number[] {
  const rows = labels.length;
  if (rows === 0) return [];
  return Array.from({ length: layers }, (_, layer) => {
    let total = 0;
    for (let row = 0; row < rows; row++) total += norm(values, (row * layers + layer) * hidden, hidden);
    return total / rows;
  });
}

/** ‖values[start … start + length)‖ in float64. */
export function norm(values: ArrayLike<number>, start = 0, length = values.length): number {
  let squares = 0;
  for (let at = start; at < start + length; at++) squares += (values[at] as number) ** 2;
  return Math.sqrt(squares);
}
