import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { formatPosition, parsePosition } from "#lib/core/position.ts";
import { float32Tensor, type Tensor, toFloat32 } from "#lib/formats/tensor.ts";
import { type CaptureRequest, components, type GenerateRow, steerOperators } from "../contract.ts";

/** One batch of model work, as an engine takes it. */
export type Work = { kind: "generate"; rows: GenerateRow[] } | ({ kind: "capture" } & CaptureRequest);

const whole = z.number().int().nonnegative();
const tokens = z.array(whole);

const rowSchema = z.object({
  prompt: z.object({ tokens }),
  maxNewTokens: whole,
  sampling: z.object({ temperature: z.number(), topP: z.number() }).optional(),
  seed: z.number().optional(),
  topLogprobs: whole.optional(),
  steering: z
    .object({
      tokens: z.enum(["default", "all", "prompt", "generated"]),
      /** `vector` is the name of a tensor beside the head. */
      vectors: z.array(
        z.object({
          layer: whole,
          vector: z.string(),
          coef: z.number(),
          operator: z.enum(steerOperators).optional(),
        }),
      ),
    })
    .optional(),
});

/** A batch's JSON half; steering vectors travel as tensors, each once. */
export const workSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("generate"), rows: z.array(rowSchema).min(1) }),
  z.object({
    kind: z.literal("capture"),
    rows: z.array(z.object({ promptTokens: tokens, responseTokens: tokens })).min(1),
    positions: z.array(z.string()).min(1),
    component: z.enum(components),
    layers: z.array(whole).min(1),
  }),
]);
export type WorkHead = z.infer<typeof workSchema>;

/** Throws `internal` for a prompt that is not tokens yet. */
export function encodeWork(work: Work): { head: WorkHead; tensors: Record<string, Tensor> } {
  if (work.kind === "capture") {
    return { head: { ...work, positions: work.positions.map(formatPosition) }, tensors: {} };
  }
  const tensors: Record<string, Tensor> = {};
  const names = new Map<Float32Array, string>();
  const nameOf = (vector: Float32Array): string => {
    const known = names.get(vector) ?? `vector.${names.size}`;
    names.set(vector, known);
    tensors[known] = float32Tensor(vector, [vector.length]);
    return known;
  };
  const rows = work.rows.map(({ prompt, steering, stop, logprobs, ...row }) => {
    if (!("tokens" in prompt)) throw new AppError("internal", "only tokens are lent, not texts");
    if (stop || logprobs !== undefined) {
      throw new AppError("internal", "a lender stops at no text and tells no probabilities");
    }
    if (!steering) return { ...row, prompt };
    const vectors = steering.vectors.map(({ vector, ...part }) => ({ ...part, vector: nameOf(vector) }));
    return { ...row, prompt, steering: { tokens: steering.tokens, vectors } };
  });
  return { head: { kind: "generate", rows }, tensors };
}

/** Throws `invalid-input` for a vector that is not there. */
export function decodeWork(head: WorkHead, tensors: ReadonlyMap<string, Tensor>): Work {
  if (head.kind === "capture") return { ...head, positions: head.positions.map(parsePosition) };
  const vectors = new Map([...tensors].map(([name, tensor]) => [name, toFloat32(tensor)]));
  const rows = head.rows.map(({ steering, ...row }): GenerateRow => {
    if (!steering) return row;
    return {
      ...row,
      steering: {
        tokens: steering.tokens,
        vectors: steering.vectors.map(({ vector, ...part }) => {
          const values = vectors.get(vector);
          if (values) return { ...part, vector: values };
          throw new AppError("invalid-input", `the batch names ${vector}, which is not in it`);
        }),
      },
    };
  });
  return { kind: "generate", rows };
}
