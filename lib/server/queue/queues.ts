import { z } from "zod";

// Every queue with its payload. A payload carries ids; the row is the truth.

/** A job of another shape than its schema fails without being tried again. */
export const queues = {
  /** Execute a run that is queued. One at a time: models and judge are shared by all. */
  "run.execute": z.object({ run_id: z.string() }),
} as const;

export type QueueName = keyof typeof queues;
export type QueuePayload<Name extends QueueName> = z.infer<(typeof queues)[Name]>;
