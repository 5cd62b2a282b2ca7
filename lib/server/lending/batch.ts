import type { AppError } from "#lib/core/errors.ts";
import type { ModelDescription } from "#lib/engine/contract.ts";
import type { Lender } from "#lib/engine/lending/messages.ts";
import type { WorkResult } from "#lib/engine/lending/result.ts";
import type { Work } from "#lib/engine/lending/work.ts";
import type { LentDevice } from "#lib/engine/run-device.ts";

/** Model work of a run, to be done by any lender whose device and model fit. */
export interface LentBatch {
  runId: string;
  device: LentDevice;
  model: ModelDescription;
  work: Work;
  onNotice?(message: string): void;
  /** Called when its result is accepted. */
  onDone?(lender: Lender, seconds: number, result: WorkResult): void;
}

/** A batch that waits for its result. */
export interface OpenBatch extends LentBatch {
  lease: Lease | null;
  /** Every try that failed; a closed tab is none. */
  failures: { lender: Lender; error: AppError }[];
  resolve(result: WorkResult): void;
  reject(error: AppError): void;
}

/** A batch in a lender's hands until `expires`, which each beat moves. */
export interface Lease {
  id: string;
  lender: Lender;
  batch: OpenBatch;
  since: Date;
  /** Milliseconds of the hub's clock. */
  expires: number;
}

export function rowsOf({ work }: LentBatch): string {
  const { length } = work.rows;
  return `${length} ${length === 1 ? "row" : "rows"}`;
}

export function nameOf({ name, device }: Lender): string {
  return `${name} (${device})`;
}
