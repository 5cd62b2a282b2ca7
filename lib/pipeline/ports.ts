import type { Engine, LoadOptions } from "#lib/engine/contract.ts";
import type { RunDevice } from "#lib/engine/run-device.ts";
import type { JudgementCache, JudgePorts, JudgeTransport } from "#lib/judge/contract.ts";
import type { VectorEvaluation } from "#lib/vectors/evaluation.ts";
import type { EvaluateLayerJob, ExtractedVector, ExtractLayerJob } from "#lib/vectors/layer.ts";
import type { DoneWork, RunEvent } from "./events.ts";

/** Files below TILLER_HOME; paths are relative and "/"-separated (`experiments/sample/config.json`). */
export interface ArtifactStore {
  read(path: string): Promise<Uint8Array<ArrayBuffer> | null>;
  readText(path: string): Promise<string | null>;
  /** All or nothing and durable when it resolves: a temporary name in the same folder, fsync, rename. AppError `disk-full`. */
  write(path: string, data: Uint8Array | string): Promise<void>;
  /**
   * Reads, changes and writes a text; the next `update` of the same path waits for it. `change` gets null where there is
   * no file. Durable when it resolves; nothing is written where `change` throws or gives back what it got.
   * @returns what the file holds now
   */
  update(path: string, change: (before: string | null) => string | Promise<string>): Promise<string>;
  /** Adds whole lines; durable when it resolves. AppError `disk-full`. */
  append(path: string, text: string): Promise<void>;
  /** Every file below the folder `prefix`, as full relative paths in code-unit order; none when it is not there. */
  list(prefix: string): Promise<string[]>;
  /** A file that is not there is no error. */
  remove(path: string): Promise<void>;
  stat(path: string): Promise<{ bytes: number; modified: Date } | null>;
}

export type ItemKind = "generate" | "extract" | "evaluate" | "steer-norms" | "steer-generate";

/** A finished item. Its key is the content hash of all that determines its value; the value survives JSON. */
export interface LedgerEntry {
  key: string;
  kind: ItemKind;
  value: unknown;
}

/** Finished items by key: what resume and "only what changed" rest on. */
export interface Ledger {
  finished(keys: string[]): Promise<Map<string, unknown>>;
  /** All or none, durable when it resolves. A key that is there already stays as it is. */
  record(entries: LedgerEntry[]): Promise<void>;
}

/** What identifies a model, found from its files alone: nothing is loaded. */
export interface ModelIdentity {
  id: string;
  /** Changes with any byte of weights, tokenizer or config. */
  fingerprint: string;
  files: { name: string; bytes: number; sha256: string }[];
  layers: number;
  hidden: number;
  hasChatTemplate: boolean;
}

export interface ModelCatalog {
  /** Throws `not-found` for a model that is not installed. */
  identify(modelId: string): Promise<ModelIdentity>;
}

/** A run's wish for an engine. `onWork` is told of batches that are not done by this process. */
export interface LoadForRun extends Omit<LoadOptions, "device"> {
  device: RunDevice;
  runId: string;
  onWork?(work: DoneWork): void;
}

/** Gives a run its engines: the same model on the same device is loaded once. */
export interface RunEngines {
  load(modelId: string, options: LoadForRun): Promise<Engine>;
}

/** Which judge: `builtin` with the id of a model that can judge, or an endpoint's base URL with its model's name. */
export interface JudgeSettings {
  judge: string;
  model: string;
}

/** A way to judge, not yet used: opening neither loads a model nor sends a request. */
export interface OpenedJudge {
  transport: JudgeTransport;
  cache: JudgementCache;
  ports: JudgePorts;
}

/** A run's wish for a judge: where a model of Tiller's own judges, and who hears of its work. */
export interface JudgeForRun
  extends JudgeSettings,
    Pick<LoadForRun, "device" | "runId" | "onWork" | "onProgress"> {
  /** Ends what waits for a browser. */
  signal: AbortSignal | undefined;
}

export interface Judges {
  /** Throws `judge-key-missing`, `not-found` (built-in model), `usage` (not a URL, a model that cannot judge). */
  open(settings: JudgeForRun): Promise<OpenedJudge>;
}

export type { VectorEvaluation } from "#lib/vectors/evaluation.ts";
export type {
  EvaluateLayerJob,
  ExtractedVector,
  ExtractLayerJob,
  LayerActivations,
} from "#lib/vectors/layer.ts";

/** The numerics, off the event loop (worker threads). Results are by method name. */
export interface VectorCompute {
  extractLayer(job: ExtractLayerJob, signal?: AbortSignal): Promise<Record<string, ExtractedVector>>;
  evaluateLayer(job: EvaluateLayerJob, signal?: AbortSignal): Promise<Record<string, VectorEvaluation>>;
}

/** Everything the pipeline needs from outside. */
export interface PipelinePorts {
  artifacts: ArtifactStore;
  ledger: Ledger;
  models: ModelCatalog;
  engines: RunEngines;
  judges: Judges;
  compute: VectorCompute;
  emit(event: RunEvent): void;
  now(): Date;
  /** Tiller's version, for the manifest. */
  codeVersion: string;
}
