import { z } from "zod";
import type { ErrorJson } from "#lib/core/errors.ts";
import { type Polarity, polarities } from "#lib/core/names.ts";
import { mean } from "#lib/core/statistics.ts";
import { type Thresholds, type Verdict, verdictOf } from "#lib/core/thresholds.ts";
import { formatJson, parseJson } from "#lib/formats/json.ts";
import type { Judgement } from "#lib/judge/contract.ts";
import { type Failure, failureKindOf } from "./failure-kinds.ts";
import {
  type HumanLabel,
  type HumanVerdict,
  labelKey,
  lastLabels,
  type VettingKind,
} from "./human-labels.ts";

const verdicts = ["pass", "fail", "ambiguous", "error"] as const satisfies readonly Verdict[];
const index = z.number().int().nonnegative();

const vettedSchema = z.looseObject({
  /** 0-based scenario. */
  idx: index,
  polarity: z.enum(["positive", "negative"]),
  score: z.number().min(0).max(100).nullable(),
  verdict: z.enum(verdicts),
  /** Overrides the judge's verdict until it is cleared; both are kept. */
  human_verdict: z.enum(["pass", "fail"]).nullish(),
  /** 0-100, where the person gave more than a verdict. */
  human_score: z.number().min(0).max(100).nullish(),
  failure_kind: z.string().optional(),
  scenario: z.string().optional(),
  response: z.string().optional(),
  error: z.looseObject({ code: z.string(), message: z.string() }).optional(),
});
/** One vetted scenario or response. */
export type Vetted = z.infer<typeof vettedSchema>;

const summarySchema = z.looseObject({
  positive_passed: z.number(),
  positive_failed: z.number(),
  negative_passed: z.number(),
  negative_failed: z.number(),
  errors: z.number(),
  /** Passed of all that have a verdict, 0-1; null where none has. */
  pass_rate: z.number().nullable().optional(),
  positive_mean: z.number().nullable().optional(),
  negative_mean: z.number().nullable().optional(),
  /** positive_mean − negative_mean */
  contrast: z.number().nullable().optional(),
});
export type VettingSummary = z.infer<typeof summarySchema>;

/** `vetting/scenario_scores.json` and `response_scores.json` (formats.md section 2). */
export const vettingFileSchema = z.looseObject({
  experiment: z.string(),
  trait: z.string(),
  trait_definition: z.string(),
  thresholds: z.object({ pos_threshold: z.number(), neg_threshold: z.number() }),
  judge: z.looseObject({ model: z.string().optional() }),
  summary: summarySchema,
  failed_indices: z.object({ positive: z.array(index), negative: z.array(index) }),
  results: z.array(vettedSchema),
});
export type VettingFile = z.infer<typeof vettingFileSchema>;

export function parseVettingFile(text: string, path: string): VettingFile {
  return parseJson(text, path, vettingFileSchema);
}

/** The verdict that counts: a person's over the judge's. */
export function effectiveVerdict({
  verdict,
  human_verdict,
}: Pick<Vetted, "verdict" | "human_verdict">): Verdict {
  return human_verdict ?? verdict;
}

/** A text that was to be judged, and what came of it. */
export interface JudgedText {
  idx: number;
  polarity: Polarity;
  text: string;
  judgement: Pick<Judgement, "score" | "truncated"> & { error?: ErrorJson };
}

export interface VettingInput {
  experiment: string;
  trait: string;
  definition: string;
  thresholds: Thresholds;
  judge: Record<string, unknown>;
  /** Which member holds the text. */
  kind: VettingKind;
  judged: readonly JudgedText[];
  /** For responses: what each completes, by `idx` and polarity, and how that scenario was judged. */
  scenarioOf?: (polarity: Polarity, idx: number) => Failure["of"];
  /** What a person said of the texts. */
  labels: readonly HumanLabel[];
  /** The file as it is now: a verdict that stands only there (an imported file's) is carried over with its text. */
  previous: VettingFile | null;
}

/** The vetting file of one stage: verdicts by threshold, summary and failed indices by the verdict that counts. */
export function vettingFile(input: VettingInput): VettingFile {
  const humans = humanVerdicts(input);
  const results = input.judged.map(({ idx, polarity, text, judgement }): Vetted => {
    const verdict = verdictOf(judgement.score, polarity, input.thresholds);
    const of = input.scenarioOf?.(polarity, idx);
    const kind = failureKindOf({ verdict, text, ...(of ? { of } : {}) });
    return {
      idx,
      polarity,
      score: judgement.score,
      verdict,
      ...humans.get(labelKey({ polarity, text })),
      ...(kind ? { failure_kind: kind } : {}),
      [input.kind]: text,
      ...(judgement.truncated ? { truncated: true } : {}),
      ...(judgement.error
        ? { error: { code: judgement.error.code, message: judgement.error.userMessage } }
        : {}),
    };
  });
  const { pos_threshold, neg_threshold } = input.thresholds;
  return {
    experiment: input.experiment,
    trait: input.trait,
    trait_definition: input.definition,
    thresholds: { pos_threshold, neg_threshold },
    judge: input.judge,
    ...summarise(results),
    results,
  };
}

/** Counts, means and failed indices of results; again after a person has given a verdict. */
export function summarise(results: readonly Vetted[]): Pick<VettingFile, "summary" | "failed_indices"> {
  const sides = polarities.map((polarity) => {
    const side = results.filter((result) => result.polarity === polarity);
    const failed = side.filter((result) => ["fail", "ambiguous"].includes(effectiveVerdict(result)));
    return {
      passed: side.filter((result) => effectiveVerdict(result) === "pass").length,
      failed: failed.map(({ idx }) => idx),
      errors: side.filter((result) => effectiveVerdict(result) === "error").length,
      mean: mean(side.flatMap(({ score }) => (score === null ? [] : [score]))),
    };
  });
  const [positive, negative] = sides as [(typeof sides)[number], (typeof sides)[number]];
  const passed = positive.passed + negative.passed;
  const decided = passed + positive.failed.length + negative.failed.length;
  return {
    summary: {
      positive_passed: positive.passed,
      positive_failed: positive.failed.length,
      negative_passed: negative.passed,
      negative_failed: negative.failed.length,
      errors: positive.errors + negative.errors,
      pass_rate: decided === 0 ? null : passed / decided,
      positive_mean: positive.mean,
      negative_mean: negative.mean,
      contrast: positive.mean === null || negative.mean === null ? null : positive.mean - negative.mean,
    },
    failed_indices: { positive: positive.failed, negative: negative.failed },
  };
}

type Human = Pick<Vetted, "human_verdict" | "human_score">;

/** By `labelKey`. */
function humanVerdicts({ previous, kind, labels }: VettingInput): Map<string, Human> {
  const known = new Map<string, Human>();
  for (const { polarity, human_verdict, human_score, ...result } of previous?.results ?? []) {
    if (!human_verdict) continue;
    known.set(labelKey({ polarity, text: result[kind] ?? "" }), {
      human_verdict,
      ...(human_score == null ? {} : { human_score }),
    });
  }
  for (const [key, label] of lastLabels(labels, kind)) {
    if (label) known.set(key, humanOf(label));
    else known.delete(key);
  }
  return known;
}

function humanOf({ verdict, score }: HumanVerdict): Human {
  return { human_verdict: verdict, ...(score === null ? {} : { human_score: score }) };
}

/** The file with what a person says now; summary and failed indices follow. */
export function withLabels(file: VettingFile, kind: VettingKind, labels: readonly HumanLabel[]): VettingFile {
  const last = lastLabels(labels, kind);
  const results = file.results.map((result) => {
    const label = last.get(labelKey({ polarity: result.polarity, text: result[kind] ?? "" }));
    if (label === undefined) return result;
    const { human_verdict: _verdict, human_score: _score, ...rest } = result;
    return label === null ? rest : { ...rest, ...humanOf(label) };
  });
  return { ...file, ...summarise(results), results };
}

export function formatVettingFile(file: VettingFile): string {
  return formatJson(file);
}
