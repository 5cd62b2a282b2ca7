import type { z } from "zod";
import type { AppError } from "#lib/core/errors.ts";
import { pack } from "#lib/engine/lending/envelope.ts";
import type { BeatState, LeaseRequest, leaseAnswerSchema } from "#lib/engine/lending/messages.ts";
import { encodeWork } from "#lib/engine/lending/work.ts";
import type { RunState } from "#lib/pipeline/api.ts";
import type { LeaseOffer, LendingHub } from "./hub.ts";

/** How long a request that waits is held: lenders need no timers, which browsers slow down in the background. */
const HOLD_MS = 5_000;
const UNDER_WAY = new Set<RunState>(["queued", "running"]);

type Answer = z.input<typeof leaseAnswerSchema>;

export interface LendingServiceOptions {
  hub: LendingHub;
  /** Throws `not-found`. */
  stateOf(runId: string): Promise<RunState>;
  holdMs?: number;
}

/** What lenders ask, for the HTTP surface. Requests wait at the server until there is something to say. */
export class LendingService {
  readonly #hub: LendingHub;
  readonly #stateOf: LendingServiceOptions["stateOf"];
  readonly #holdMs: number;

  constructor({ hub, stateOf, holdMs = HOLD_MS }: LendingServiceOptions) {
    this.#hub = hub;
    this.#stateOf = stateOf;
    this.#holdMs = holdMs;
  }

  /** A packed answer (`leaseAnswerSchema`). Throws `not-found` (run), `conflict` (another model). */
  async lease(runId: string, request: LeaseRequest, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const held = AbortSignal.any([signal, AbortSignal.timeout(this.#holdMs)]);
    for (;;) {
      const state = await this.#stateOf(runId);
      if (!UNDER_WAY.has(state)) return pack({ kind: "over", state } satisfies Answer);
      const changed = this.#hub.changed();
      if (held.aborted) return pack({ kind: "idle" } satisfies Answer);
      const offer = this.#hub.lease(runId, request);
      if (offer) return packOffer(offer);
      await Promise.race([changed, aborted(held)]);
    }
  }

  /** `lost` as soon as the batch is no longer the lender's. */
  async beat(leaseId: string, signal: AbortSignal): Promise<BeatState> {
    const held = AbortSignal.any([signal, AbortSignal.timeout(this.#holdMs)]);
    this.#hub.beat(leaseId);
    while (this.#hub.holds(leaseId) && !held.aborted) {
      await Promise.race([this.#hub.changed(), aborted(held)]);
    }
    if (signal.aborted) this.#hub.disconnected(leaseId);
    return this.#hub.holds(leaseId) ? "held" : "lost";
  }

  /** Throws `not-found` (a lease that is over), `invalid-input` or `invalid-file` (a result that does not fit). */
  complete(leaseId: string, result: Uint8Array): void {
    this.#hub.complete(leaseId, result);
  }

  /** Throws `not-found`. */
  fail(leaseId: string, error: AppError): void {
    this.#hub.fail(leaseId, error);
  }
}

function packOffer(offer: LeaseOffer): Uint8Array<ArrayBuffer> {
  const { model, work } = offer.kind === "batch" ? offer.lease.batch : offer.batch;
  const lent = { id: model.id, fingerprint: model.fingerprint };
  if (offer.kind === "load") return pack({ kind: "load", model: lent } satisfies Answer);
  const { head, tensors } = encodeWork(work);
  return pack({ kind: "batch", lease: offer.lease.id, model: lent, work: head } satisfies Answer, tensors);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
