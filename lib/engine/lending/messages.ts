import { z } from "zod";
import { errorJsonSchema } from "#lib/core/errors.ts";
import { workSchema } from "./work.ts";

// What a lender (a browser tab) and the server tell each other over HTTP. Answers to a lease and results are envelopes.

/** A model by its files: only a lender whose files are the same may do a run's work. */
export const lentModelSchema = z.object({ id: z.string().min(1), fingerprint: z.string().min(1) });
export type LentModel = z.infer<typeof lentModelSchema>;

/** Bytes: `MemoryInUse` of the engine's contract. */
export const memorySchema = z.object({
  heap: z.number().nonnegative(),
  graphics: z.number().nonnegative(),
});

const lenderSchema = z.object({
  /** Made by the lender, the same for all it asks. */
  id: z.string().min(8).max(64),
  /** What people call it. */
  name: z.string().min(1).max(60),
  device: z.enum(["cpu", "cuda", "webgpu", "wasm"]),
  /** What its models hold, where it knows. */
  memory: memorySchema.optional(),
});
export type Lender = z.infer<typeof lenderSchema>;

/** POST /api/lending/runs/{id}/lease: held until there is something to say, for a few seconds at most. */
export const leaseRequestSchema = z.object({
  lender: lenderSchema,
  /** The models that it has loaded. */
  models: z.array(lentModelSchema).max(16),
});
export type LeaseRequest = z.infer<typeof leaseRequestSchema>;

export const leaseAnswerSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("batch"), lease: z.string(), model: lentModelSchema, work: workSchema }),
  /** A batch is open for whoever loads this model. */
  z.object({ kind: z.literal("load"), model: lentModelSchema }),
  /** Nothing is open now; ask again. */
  z.object({ kind: z.literal("idle") }),
  /** The run does not run any more. */
  z.object({ kind: z.literal("over"), state: z.string() }),
]);

/** POST /api/lending/leases/{lease}/beat: held like a lease; `lost` as soon as the batch is no longer wanted. */
export const beatAnswerSchema = z.object({ state: z.enum(["held", "lost"]) });
export type BeatState = z.infer<typeof beatAnswerSchema>["state"];

/** POST /api/lending/leases/{lease}/failure */
export const failureSchema = z.object({ error: errorJsonSchema });
