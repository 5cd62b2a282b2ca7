import { AppError, type ErrorJson, throwIfAborted } from "#lib/core/errors.ts";
import type { Polarity } from "#lib/core/names.ts";
import type { TraitContext } from "./context.ts";
import type { StageName } from "./stages.ts";

/** How much a stage has to do. Finished items are found by key; only `to_do` costs anything. */
export interface StageWork {
  items: { total: number; finished: number; to_do: number };
  judge_calls: { to_do: number; cached: number };
  model_rows: number;
  /** Null when the judge's price is unknown. */
  cost_usd: number | null;
}

/** What stages.json keeps of a completed stage besides its files. */
export interface StageOutcome {
  counts: Record<string, number>;
  /** Items that a later run should try again (a judge's error): the stage then counts as stale. */
  retry: number;
}

/** A stage whose inputs are read, but whose work is not begun. */
export interface PreparedStage {
  /** All that determines the results besides the stage's version: hashed into the stage's fingerprint. */
  determinants: unknown;
  /** What running it would change in results that are there, in words; where the stage can tell. */
  change?: string | undefined;
  /** Files whose hashes are recorded. Outputs exist once `run` has resolved. */
  inputs: string[];
  outputs: string[];
  /** Asks ledger and cache what is finished; no model and no judge call. */
  count(): Promise<StageWork>;
  run(scope: StageScope): Promise<StageOutcome>;
}

/** One stage of the pipeline. */
export interface Stage {
  name: StageName;
  /** Raised when the same inputs would give other results. */
  version: string;
  /** Its name in stages.json: stages that depend on position and component have one record for each. */
  recordKey(trait: TraitContext): string;
  /**
   * Reads what the stage works on.
   * Throws `not-found` when an earlier stage's file is missing, with the stage that writes it.
   */
  prepare(trait: TraitContext): Promise<PreparedStage>;
  /** An upper bound, for when an earlier stage's outcome is not known yet. */
  estimate(trait: TraitContext): Promise<StageWork>;
  /** Removes working files once the stage is recorded as done; called again after a kill between the two. */
  tidy?(trait: TraitContext): Promise<void>;
}

/** What a running stage tells and heeds. */
export interface StageScope {
  trait: TraitContext;
  stage: StageName;
  signal: AbortSignal | undefined;
  throwIfAborted(): void;
  progress(done: number, total: number, unit: string): void;
  /** Counts the item as failed; the run goes on. @param item for instance `positive 12` */
  itemFailed(item: string, error: ErrorJson): void;
  info(message: string): void;
  warn(message: string): void;
  failed: number;
  seen: { done: number; total: number };
}

export function createScope(trait: TraitContext, stage: StageName): StageScope {
  const { run } = trait;
  const { ports } = run;
  const where = { trait: trait.name, stage };
  const at = () => ports.now().toISOString();
  const scope: StageScope = {
    trait,
    stage,
    signal: run.signal,
    failed: 0,
    seen: { done: 0, total: 0 },
    throwIfAborted: () => throwIfAborted(run.signal),
    progress(done, total, unit) {
      scope.seen = { done, total };
      ports.emit({ at: at(), kind: "progress", ...where, done, total, failed: scope.failed, unit });
    },
    itemFailed(item, error) {
      scope.failed += 1;
      ports.emit({ at: at(), kind: "item-failed", ...where, item, error });
    },
    info: (message) => run.notice("info", message, where),
    warn: (message) => run.notice("warning", message, where),
  };
  return scope;
}

/** `positive 12`: the scenario's line counted from 1, as the editor shows it. */
export function itemName(polarity: Polarity, index: number): string {
  return `${polarity} ${index + 1}`;
}

/** What a stage throws when an earlier stage's file is not there. */
export function missingInput(stage: StageName, path: string, writtenBy: StageName): AppError {
  return new AppError(
    "not-found",
    `${stage} needs ${path}, which is not there: run ${writtenBy} first (--only-stage ${writtenBy},${stage})`,
    { details: { missing: path, writtenBy } },
  );
}

/** True for what `missingInput` made. */
export function isMissingInput(error: unknown): boolean {
  return error instanceof AppError && typeof error.details?.writtenBy === "string";
}

export const noWork: StageWork = {
  items: { total: 0, finished: 0, to_do: 0 },
  judge_calls: { to_do: 0, cached: 0 },
  model_rows: 0,
  cost_usd: 0,
};
