import { z } from "zod";
import type { AppError } from "#lib/core/errors.ts";
import { unpack } from "#lib/engine/lending/envelope.ts";
import {
  type BeatState,
  beatAnswerSchema,
  type LeaseRequest,
  type LentModel,
  leaseAnswerSchema,
} from "#lib/engine/lending/messages.ts";
import { decodeWork, type Work } from "#lib/engine/lending/work.ts";
import { request, requestBytes } from "./request.ts";

/** A batch in this lender's hands. */
export interface LeasedBatch {
  kind: "batch";
  lease: string;
  model: LentModel;
  work: Work;
}

export type LeaseAnswer =
  | LeasedBatch
  | { kind: "load"; model: LentModel }
  | { kind: "idle" }
  | { kind: "over"; state: string };

/** What a lender asks of the server. Each call throws AppError as `request` does. */
export class LendingApi {
  readonly #base: string;

  /** @param base the server's address; in a page of its own none is needed */
  constructor(base = "") {
    this.#base = `${base}/api/lending`;
  }

  /** Answers when there is something to do, or after a few seconds. */
  async lease(runId: string, body: LeaseRequest, signal: AbortSignal): Promise<LeaseAnswer> {
    const path = `${this.#base}/runs/${encodeURIComponent(runId)}/lease`;
    const bytes = await requestBytes(path, { method: "POST", body, signal });
    const { head, tensors } = unpack(bytes, leaseAnswerSchema, "the batch");
    return head.kind === "batch" ? { ...head, work: decodeWork(head.work, tensors) } : head;
  }

  /** Answers when the batch is no longer wanted, or after a few seconds. */
  async beat(lease: string, signal: AbortSignal): Promise<BeatState> {
    return (await request(beatAnswerSchema, this.#path(lease, "beat"), { method: "POST", signal })).state;
  }

  async complete(lease: string, result: Uint8Array): Promise<void> {
    await request(z.unknown(), this.#path(lease, "result"), { method: "POST", body: result });
  }

  /** Gives a batch back; sent even while the page closes. */
  async fail(lease: string, error: AppError): Promise<void> {
    const body = { error: error.toJSON() };
    await request(z.unknown(), this.#path(lease, "failure"), { method: "POST", body, keepalive: true });
  }

  #path(lease: string, what: string): string {
    return `${this.#base}/leases/${encodeURIComponent(lease)}/${what}`;
  }
}
