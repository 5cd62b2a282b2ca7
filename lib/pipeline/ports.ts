import type { EngineProvider } from "#lib/engine/contract.ts";
import type { JudgementCache, JudgePorts, JudgeTransport } from "#lib/judge/contract.ts";
import type { RunEvent } from "./events.ts";

/** Files below TILLER_HOME; paths are relative and "/"-separated (`experiments/sample/config.json`). */
export interface ArtifactStore {
  read(path: string): Promise<Uint8Array<ArrayBuffer> | null>;
  readText(path: string): Promise<string | null>;
  /** All or nothing and durable when it resolves: a temporary name in the same folder, fsync, rename. AppError `disk-full`. */
  write(path: string, data: Uint8Array | string): Promise<void>;
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

export interface Judges {
  /** Throws `judge-key-missing`, `not-found` (built-in model), `usage` (not a URL). */
  open(settings: JudgeSettings): Promise<OpenedJudge>;
}

/** Activations of one layer: rows of `hidden` numbers, positives (label 1) and negatives (label 0) with their scenario lines. */
export interface LayerActivations {
  /** [rows, hidden] */
  values: Float32Array<ArrayBuffer>;
  labels: Int8Array<ArrayBuffer>;
  /** 0-based scenario line of each row; equal lines of both polarities are a pair. */
  indices: Int32Array<ArrayBuffer>;
  hidden: number;
}

export interface ExtractLayerJob {
  layer: number;
  train: LayerActivations;
  methods: string[];
  seed: number;
}

/** One method's vector at one layer. */
export interface ExtractedVector {
  /** [hidden], unit norm, positives project higher. */
  vector: Float32Array<ArrayBuffer>;
  /** ‖·‖ of the raw difference or weights. */
  norm: number;
  /** Mean projection of all training rows on the unit vector. */
  baseline: number;
  /** Fraction of training rows on the right side of the method's own threshold. */
  train_acc: number;
  /** Decision offset of a fitted boundary (probe). */
  bias?: number;
  /** Whatever else the method tells: iterations, explained variance, notes. Finite numbers and strings. */
  info?: Record<string, unknown>;
}

export interface EvaluateLayerJob {
  layer: number;
  train: LayerActivations;
  val: LayerActivations;
  /** By method name. */
  vectors: Record<string, Pick<ExtractedVector, "vector" | "bias">>;
  seed: number;
}

type Interval = [number, number];

export interface VectorEvaluation {
  /** Balanced accuracy, 0-1. */
  val_accuracy: number;
  val_accuracy_ci: Interval;
  val_auroc: number;
  val_auroc_ci: Interval;
  /** |Cohen's d| */
  val_effect_size: number;
  val_effect_size_ci: Interval;
  polarity_correct: boolean;
  n_val_pos: number;
  n_val_neg: number;
}

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
  engines: EngineProvider;
  judges: Judges;
  compute: VectorCompute;
  emit(event: RunEvent): void;
  now(): Date;
  /** Tiller's version, for the manifest. */
  codeVersion: string;
}
