import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { float32Tensor, toFloat32 } from "#lib/formats/tensor.ts";
import { tokenRanges } from "../capture.ts";
import {
  type CapturedRow,
  type CaptureRequest,
  finishReasons,
  type GenerateRow,
  type Generation,
  type ModelDescription,
} from "../contract.ts";
import { pack, unpack } from "./envelope.ts";
import type { Work } from "./work.ts";

/** What a lender tells of a generated row; the texts follow from the tokens. */
export type LentGeneration = Pick<Generation, "responseTokens" | "finish" | "alternatives">;

export type WorkResult =
  | { kind: "generate"; rows: LentGeneration[] }
  | { kind: "capture"; rows: CapturedRow[] };

const resultSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("generate"),
    rows: z.array(
      z.object({
        responseTokens: z.array(z.number().int().nonnegative()),
        finish: z.enum(finishReasons),
        alternatives: z.array(z.object({ token: z.string(), logprob: z.number() })),
      }),
    ),
  }),
  // Beside it the tensor `values`, float32 [rows, positions, layers, hidden].
  z.object({ kind: z.literal("capture") }),
]);

export function packResult(result: WorkResult, work: Work, hidden: number): Uint8Array<ArrayBuffer> {
  if (result.kind === "generate") {
    const rows = result.rows.map(({ responseTokens, finish, alternatives }) => ({
      responseTokens,
      finish,
      alternatives,
    }));
    return pack({ kind: "generate", rows });
  }
  if (work.kind !== "capture") throw new AppError("internal", "a capture's result for other work");
  const shape = shapeOf(work, hidden);
  const size = shape.slice(1).reduce((product, length) => product * length, 1);
  const values = new Float32Array(result.rows.length * size);
  for (const [at, row] of result.rows.entries()) values.set(row.values, at * size);
  return pack({ kind: "capture" }, { values: float32Tensor(values, shape) });
}

/**
 * Reads a lender's result and checks it against the work that was lent.
 * Throws `invalid-input` or `invalid-file` saying what does not fit.
 */
export function readResult(bytes: Uint8Array, work: Work, model: ModelDescription): WorkResult {
  const { head, tensors } = unpack(bytes, resultSchema, "the result");
  if (head.kind === "generate" && work.kind === "generate") {
    if (head.rows.length !== work.rows.length)
      refuse(`${head.rows.length} rows for a batch of ${work.rows.length}`);
    for (const [at, row] of head.rows.entries()) checkRow(row, work.rows[at], at, model);
    return head;
  }
  if (head.kind === "capture" && work.kind === "capture") {
    const tensor = tensors.get("values");
    const shape = shapeOf(work, model.hidden);
    if (!tensor) return refuse("it holds no values");
    if (tensor.dtype !== "F32" || tensor.shape.join() !== shape.join())
      refuse(`its values are ${tensor.dtype} [${tensor.shape}], not F32 [${shape}]`);
    return { kind: "capture", rows: splitRows(toFloat32(tensor), work, shape) };
  }
  return refuse(`it is of kind ${head.kind}, not ${work.kind}`);
}

function checkRow(
  { responseTokens, alternatives }: LentGeneration,
  asked: GenerateRow | undefined,
  at: number,
  { vocabulary }: ModelDescription,
): void {
  const most = asked?.maxNewTokens ?? 0;
  if (responseTokens.length > most)
    refuse(`row ${at + 1} has ${responseTokens.length} new tokens, more than ${most}`);
  const unknown = responseTokens.find((token) => token >= vocabulary);
  if (unknown !== undefined)
    refuse(`row ${at + 1} holds token ${unknown}, beyond the vocabulary of ${vocabulary}`);
  if (alternatives.length > (asked?.topLogprobs ?? 0))
    refuse(`row ${at + 1} has ${alternatives.length} alternatives that were not asked for`);
}

/** Which positions are empty follows from the tokens; their values are NaN whatever was sent. */
function splitRows(values: Float32Array, work: CaptureRequest, shape: readonly number[]): CapturedRow[] {
  const [, , layers = 0, hidden = 0] = shape;
  const cell = layers * hidden;
  const size = work.positions.length * cell;
  return work.rows.map((row, at) => {
    const own = values.slice(at * size, (at + 1) * size);
    const empty = tokenRanges(row, work.positions).map((range) => range === null);
    empty.forEach((isEmpty, position) => {
      if (isEmpty) own.fill(Number.NaN, position * cell, (position + 1) * cell);
    });
    return { values: own, empty };
  });
}

function shapeOf({ rows, positions, layers }: CaptureRequest, hidden: number): number[] {
  return [rows.length, positions.length, layers.length, hidden];
}

function refuse(problem: string): never {
  throw new AppError("invalid-input", `the result does not fit its batch: ${problem}`);
}
