import { z } from "zod";
import { errorJsonSchema } from "#lib/core/errors.ts";

/**
 * What is asked of the judge.
 * `scenario`: how strongly the likely completion will show the trait; `response`: how strongly a completion shows it;
 * `answer`: the same for an answer, with its question in sight; `coherence`: grammar, and (with a question) relevance.
 */
export const judgeTasks = ["scenario", "response", "answer", "coherence"] as const;
export type JudgeTask = (typeof judgeTasks)[number];

/** One text to be judged. */
export interface JudgeItem {
  /** Unique within one `judge()` call; results are returned by it. No part of the cache key. */
  id: string;
  task: JudgeTask;
  /** The scenario, the completion or the answer: always data, never instructions. Cut to 2,000 characters. */
  text: string;
  /** Needed by `answer`; with `coherence` it adds the relevance check (a second call). */
  question?: string;
  /** The trait's name, such as `optimism`. */
  trait: string;
  /** The rubric, `definition.txt`. */
  definition: string;
  /** `answer` only: steering.json's `eval_prompt`, with `{question}` and `{answer}`. The built-in judge ignores it. */
  evalPrompt?: string;
  /** `response` in base mode: only the first N words are judged (16 by default there, see `baseModeWords`). */
  firstWords?: number;
}

/** Completions of base models drift: only this many words of them are judged. */
export const baseModeWords = 16;

export const judgeMethods = ["logprobs", "json"] as const;
/** `logprobs`: expectation over the first token's alternatives; `json`: median of three `{"score": n}` answers. */
export type JudgeMethod = (typeof judgeMethods)[number];

const tokenUsageSchema = z.object({
  promptTokens: z.number().int().nonnegative(),
  completionTokens: z.number().int().nonnegative(),
});
export type TokenUsage = z.infer<typeof tokenUsageSchema>;

/** What is known about one judged item. Survives JSON; `judgementSchema` reads it back at an edge. */
export const judgementSchema = z.object({
  /** 0-100; null exactly when `error` is there. A missing score is an error, never 50. */
  score: z.number().min(0).max(100).nullable(),
  method: z.enum(judgeMethods),
  /** logprobs: probability mass on the integers 0-100 among the alternatives. */
  mass: z.number().optional(),
  /** json: the scores that were read, in the order asked. */
  samples: z.array(z.number()).optional(),
  /** coherence: the grammar score before an off-topic answer was capped at 50. */
  grammar: z.number().optional(),
  label: z.enum(["ENGAGES", "OFF_TOPIC"]).optional(),
  /** The text (or the question) was cut to 2,000 characters before it was judged. `firstWords` does not count. */
  truncated: z.boolean(),
  error: errorJsonSchema.optional(),
  /** Prompt set and the short content hash of its files: `standard-1@1a2b3c4d`. */
  promptVersion: z.string(),
  model: z.string(),
  /** Null when the provider reports none. */
  usage: tokenUsageSchema.nullable(),
  /** What the calls of this judgement cost; null when the price or the usage is unknown. Zero for the built-in judge. */
  costUsd: z.number().nullable(),
  /** True when this run paid nothing for it: found in the cache, or the same question as another item of the run. */
  cached: z.boolean(),
});
export type Judgement = z.infer<typeof judgementSchema>;

export type PromptSet = "standard-1" | "builtin-1";

export interface ChatMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

export interface CompletionRequest {
  messages: ChatMessage[];
  maxTokens: number;
  temperature: number;
  /** Left out: 1. */
  topP?: number;
  seed: number;
  /** How many alternatives of the first token are wanted; left out: none. */
  topLogprobs?: number;
  /** Structured output, where the provider supports it; the transport asks without it where not. */
  jsonSchema?: { name: string; schema: Record<string, unknown> };
}

export interface TokenAlternative {
  token: string;
  /** Natural logarithm of the probability. */
  logprob: number;
}

export interface Completion {
  text: string;
  /** Alternatives of the first generated token; undefined where the provider gives none. */
  firstTokenAlternatives?: TokenAlternative[];
  /** The generated tokens, where the provider tells them. */
  tokens?: string[];
  usage: TokenUsage | null;
  /** What the provider calls this answer. */
  requestId?: string;
}

/** US dollars per million tokens. */
export interface TokenPrice {
  prompt: number;
  completion: number;
}

/** How a judge's scores follow the labels of texts it had not seen. */
export interface MeasuredAgreement {
  /** Rank correlation. */
  spearman: number;
  /** How often a text labelled high scores above one labelled low. */
  auc: number;
  /** Labelled texts. */
  n: number;
}

/** One way to reach a judge. `complete` makes exactly one attempt; retries, limits and costs are the judge's. */
export interface JudgeTransport {
  /** Names the endpoint without any secret; part of the cache key. */
  readonly id: string;
  readonly model: string;
  readonly promptSet: PromptSet;
  /** Null: unknown, and then so is every cost. */
  readonly price: TokenPrice | null;
  /** The only traits this judge knows; undefined: any. */
  readonly traits?: readonly string[];
  /** By trait, for a model that Tiller runs itself; null: never measured. */
  readonly agreement?: Readonly<Record<string, MeasuredAgreement>> | null;
  /**
   * Throws AppError: `retryable` says whether the same request may succeed later, `details.retryAfterMs` when;
   * `details.scope` is `item` where only this request is at fault and `run` where no request can succeed;
   * `details.otherModel` is true where another model of the same provider may serve (402, 404).
   */
  complete(request: CompletionRequest, signal?: AbortSignal): Promise<Completion>;
}

/** Where judgements live between runs. Only judgements with a score are put: an error is judged again. */
export interface JudgementCache {
  /** @returns the judgements that are there, by key. */
  get(keys: string[]): Promise<Map<string, Judgement>>;
  /** Durable when it resolves: a judgement is reported only after this. */
  put(entries: { key: string; judgement: Judgement }[]): Promise<void>;
}

/** Time and chance, passed in so that tests need neither. */
export interface JudgePorts {
  /** Milliseconds, as Date.now(). */
  now(): number;
  /** Resolves after `ms`; rejects when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
}

/** Limits shared by every `judge()` call of one judge (in a pipeline: one run). */
export interface JudgeLimits {
  /** Calls in flight at once, at least 1. */
  concurrency: number;
  /** Attempts (retries included) started in any 60 seconds. */
  rpm?: number;
  /** No call is started that could take the total above this. Needs a known price. */
  maxCostUsd?: number;
  /** Already spent by the run that is being resumed; counts against `maxCostUsd`. */
  spentUsd?: number;
  /** Attempts per call, the first included. Default 6. */
  maxAttempts?: number;
}

export interface JudgeProgress {
  done: number;
  total: number;
  cached: number;
  errors: number;
  /** Null once a call's cost is unknown. */
  costUsd: number | null;
}

export interface JudgeRunOptions {
  signal?: AbortSignal;
  /** Called once per item as soon as it is known, after the cache holds it. A throw stops the run. */
  onJudgement?(item: JudgeItem, judgement: Judgement, key: string): void | Promise<void>;
  onProgress?(progress: JudgeProgress): void;
}

export interface JudgeRunResult {
  /** By item id. Items that were not reached before a stop are absent. */
  judgements: Map<string, Judgement>;
  /** Completed calls, without retries and the probe. */
  calls: number;
  /** Everything sent to the judge: calls, retries and the probe. */
  attempts: number;
  cached: number;
  errors: number;
  /** What this call of `judge()` cost; null when unknown. */
  costUsd: number | null;
  /** Present when the cap ended the run; the finished items are kept and re-running goes on from there. */
  stoppedBy?: "spending-cap";
}

/** What vetting files record about the judge (formats.md section 2, `judge: {…}`). */
export interface JudgeDescription {
  endpoint: string;
  model: string;
  promptVersion: string;
  scoringVersion: string;
}

/**
 * A judge with its limits. One bad item never stops a batch: its judgement carries the error.
 * What makes every further call pointless (unreachable or refusing endpoint, missing key, unknown trait, abort, a failing cache)
 * rejects with one AppError, after the items in flight are finished and kept.
 */
export interface Judge {
  judge(items: readonly JudgeItem[], options?: JudgeRunOptions): Promise<JudgeRunResult>;
  describe(): JudgeDescription;
}
