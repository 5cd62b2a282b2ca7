import { AppError } from "#lib/core/errors.ts";
import type { LeaseRequest, Lender } from "#lib/engine/lending/messages.ts";
import { readResult, type WorkResult } from "#lib/engine/lending/result.ts";
import { mayLend } from "#lib/engine/run-device.ts";
import { type Lease, type LentBatch, nameOf, type OpenBatch, rowsOf } from "./batch.ts";
import { Lenders } from "./lenders.ts";

/** A lease without a beat for this long is over, in milliseconds. */
const LEASE = 30_000;
/** The first beat comes as soon as a batch has arrived: a lender that never got it is known by that. */
const FIRST_BEAT = 10_000;
/** A lender whose connection broke has this long to come back. */
const GRACE = 5_000;
/** A batch that failed this often fails for good. */
const TRIES = 3;

export interface HubOptions {
  now(): Date;
  /** Names a lease; must not be guessable. */
  randomId(): string;
}

export type LeaseOffer = { kind: "batch"; lease: Lease } | { kind: "load"; batch: OpenBatch };

/**
 * Batches that wait for a lender, and who has which. In memory only: what is finished is in the run's ledger, and a
 * restarted run makes its batches anew.
 */
export class LendingHub {
  readonly #options: HubOptions;
  readonly #batches = new Set<OpenBatch>();
  readonly #leases = new Map<string, Lease>();
  readonly #lenders = new Lenders(LEASE);
  #changed = Promise.withResolvers<void>();

  constructor(options: HubOptions) {
    this.#options = options;
  }

  /** Opens a batch. @returns its checked result; rejects with `aborted`, or why it failed on several lenders */
  submit(batch: LentBatch, signal?: AbortSignal): Promise<WorkResult> {
    const { promise, resolve, reject } = Promise.withResolvers<WorkResult>();
    const open: OpenBatch = { ...batch, lease: null, failures: [], resolve, reject };
    const stop = () => this.#close(open, () => reject(new AppError("aborted", "the work was stopped")));
    if (signal?.aborted) stop();
    else {
      this.#batches.add(open);
      signal?.addEventListener("abort", stop, { once: true });
      this.#change();
    }
    return promise.finally(() => signal?.removeEventListener("abort", stop));
  }

  /** Resolves at the next change: a batch opened or came back, a lease ended. */
  changed(): Promise<void> {
    return this.#changed.promise;
  }

  /**
   * Gives the oldest fitting batch of a run to a lender, or says which model to load for one.
   * @returns null when nothing is open for it. Throws `conflict` when its model has other files than the run's
   */
  lease(runId: string, { lender, models }: LeaseRequest): LeaseOffer | null {
    this.sweep();
    const now = this.#options.now();
    this.#lenders.seen(runId, lender, now);
    // Who asks has nothing in hand: the answer to its last request never arrived.
    for (const lease of this.#leases.values()) if (lease.lender.id === lender.id) this.release(lease.id);
    let load: OpenBatch | null = null;
    for (const batch of this.#batches) {
      if (batch.runId !== runId || batch.lease || !this.#mayTry(batch, lender)) continue;
      const { id, fingerprint } = batch.model;
      const held = models.find((model) => model.id === id);
      if (held && held.fingerprint !== fingerprint) throw this.#otherModel(batch, lender);
      if (held) return { kind: "batch", lease: this.#give(batch, lender, now) };
      load ??= batch;
    }
    return load && { kind: "load", batch: load };
  }

  /** The lender is still at work. Throws `not-found`. */
  beat(leaseId: string): void {
    const lease = this.#require(leaseId);
    const now = this.#options.now();
    this.#lenders.seen(lease.batch.runId, lease.lender, now);
    lease.expires = now.getTime() + LEASE;
  }

  /** The lender's connection broke: it may be gone. */
  disconnected(leaseId: string): void {
    const lease = this.#leases.get(leaseId);
    if (lease) lease.expires = Math.min(lease.expires, this.#options.now().getTime() + GRACE);
  }

  holds(leaseId: string): boolean {
    return this.#leases.has(leaseId);
  }

  /** Takes a result. Throws `not-found` for a lease that ended, `invalid-input` for a result that does not fit. */
  complete(leaseId: string, bytes: Uint8Array): void {
    const lease = this.#require(leaseId);
    const { batch, lender, since } = lease;
    let result: WorkResult;
    try {
      result = readResult(bytes, batch.work, batch.model);
    } catch (error) {
      this.fail(leaseId, AppError.from(error));
      throw error;
    }
    this.#close(batch, () => {
      batch.onDone?.(lender, (this.#options.now().getTime() - since.getTime()) / 1000, result);
      batch.resolve(result);
    });
  }

  /** The lender could not do it: another may try, and after three tries the batch has failed. Throws `not-found`. */
  fail(leaseId: string, error: AppError): void {
    const lease = this.#require(leaseId);
    if (error.code === "aborted") {
      this.release(leaseId);
      return;
    }
    const { batch, lender } = lease;
    batch.failures.push({ lender, error });
    batch.onNotice?.(`${nameOf(lender)} could not do a batch of ${rowsOf(batch)}: ${error.userMessage}`);
    if (batch.failures.length < TRIES) this.#end(lease);
    else this.#close(batch, () => batch.reject(givenUp(batch, error)));
  }

  /** The lender gives its batch back undone; an unknown lease is none. */
  release(leaseId: string): void {
    const lease = this.#leases.get(leaseId);
    if (!lease) return;
    lease.batch.onNotice?.(
      `${nameOf(lease.lender)} left: its batch of ${rowsOf(lease.batch)} is given out again`,
    );
    this.#end(lease);
  }

  /** Takes batches back whose lenders have gone silent. */
  sweep(): void {
    const now = this.#options.now().getTime();
    for (const { id, expires } of this.#leases.values()) if (expires <= now) this.release(id);
  }

  #give(batch: OpenBatch, lender: Lender, since: Date): Lease {
    const lease: Lease = {
      id: this.#options.randomId(),
      lender,
      batch,
      since,
      expires: since.getTime() + FIRST_BEAT,
    };
    batch.lease = lease;
    this.#leases.set(lease.id, lease);
    return lease;
  }

  /** Who failed on a batch gets it again only where nobody else is there to try. */
  #mayTry({ runId, device, failures }: OpenBatch, lender: Lender): boolean {
    if (!mayLend(device, lender.device)) return false;
    const failed = new Set(failures.map((failure) => failure.lender.id));
    if (!failed.has(lender.id)) return true;
    const present = this.#lenders.present(runId, this.#options.now());
    return present.every((other) => failed.has(other.id) || !mayLend(device, other.device));
  }

  #otherModel(batch: OpenBatch, lender: Lender): AppError {
    const { id } = batch.model;
    const problem = `its files of model ${id} are not the run's`;
    if (this.#lenders.refuse(lender)) batch.onNotice?.(`${nameOf(lender)} cannot help: ${problem}`);
    return new AppError(
      "conflict",
      `this browser cannot help: ${problem}; clear its copy of the model, or run with the variant that it loads`,
    );
  }

  #require(leaseId: string): Lease {
    this.sweep();
    const lease = this.#leases.get(leaseId);
    if (lease) return lease;
    throw new AppError(
      "not-found",
      "this lease is not known: its time was over and the batch was given out again, or the run stopped",
    );
  }

  #end(lease: Lease): void {
    this.#leases.delete(lease.id);
    lease.batch.lease = null;
    this.#change();
  }

  #close(batch: OpenBatch, settle: () => void): void {
    this.#batches.delete(batch);
    if (batch.lease) this.#end(batch.lease);
    settle();
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

function givenUp(batch: OpenBatch, { code, userMessage, details }: AppError): AppError {
  const names = [...new Set(batch.failures.map(({ lender }) => nameOf(lender)))].join(", ");
  return new AppError(
    code,
    `a batch of ${rowsOf(batch)} failed ${TRIES} times, on ${names}: ${userMessage}`,
    details ? { details } : {},
  );
}
