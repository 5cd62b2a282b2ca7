import { AppError } from "#lib/core/errors.ts";
import { hashSeed } from "#lib/core/rng.ts";
import { mean } from "#lib/core/statistics.ts";
import {
  type Decider,
  decisionRule,
  evaluateVector,
  sharesRight,
  type VectorEvaluation,
} from "./evaluation.ts";
import { withoutDimensions } from "./massive.ts";
import type { Extraction } from "./method.ts";
import { vectorMethod } from "./methods.ts";
import { checkRows, project, type Rows, selectRows } from "./rows.ts";

/** Activations of one layer with what each row is: the shape that crosses to a worker thread. */
export interface LayerActivations {
  /** [rows, hidden] */
  values: Float32Array<ArrayBuffer>;
  /** 1 positive, 0 negative. */
  labels: Int8Array<ArrayBuffer>;
  /** 0-based scenario line of each row; equal lines of both polarities are a pair. */
  indices: Int32Array<ArrayBuffer>;
  hidden: number;
}

export interface ExtractLayerJob {
  layer: number;
  train: LayerActivations;
  /** Names in the registry. */
  methods: string[];
  seed: number;
  /** Dimensions set to zero first (massive dimensions, an option that is off by default). */
  zeroDimensions?: number[];
}

/** One method's vector at one layer, with what its metadata tells. */
export interface ExtractedVector extends Extraction {
  /** Mean projection of all training rows on the unit vector. */
  baseline: number;
  /** Share of training rows on the right side of the method's own threshold. */
  train_acc: number;
}

export interface EvaluateLayerJob {
  layer: number;
  train: LayerActivations;
  val: LayerActivations;
  /** By method name. */
  vectors: Record<string, Decider>;
  seed: number;
  /** The same as in extraction. */
  zeroDimensions?: number[];
}

/**
 * Extracts every asked-for method at one layer. The seed is mixed with the layer, so that random vectors differ between
 * layers. Pure, may take seconds: run it in a worker thread.
 * Throws `invalid-input` naming the layer (no rows on a side, NaN, classes that do not differ), `usage` (unknown method).
 */
export function extractLayer(job: ExtractLayerJob): Record<string, ExtractedVector> {
  const methods = job.methods.map(vectorMethod);
  return atLayer(job.layer, () => {
    const { positives, negatives, pairs } = splitByPolarity(job.train, "training rows", job.zeroDimensions);
    const options = { seed: hashSeed(`layer ${job.layer}`, job.seed), pairs };
    return Object.fromEntries(
      methods.map((method): [string, ExtractedVector] => {
        const extraction = method.extract(positives, negatives, options);
        return [method.name, { ...extraction, ...onTraining(extraction, positives, negatives) }];
      }),
    );
  });
}

function onTraining(decider: Decider, positives: Rows, negatives: Rows) {
  const rule = decisionRule(decider, positives, negatives);
  const [rightP, rightN] = sharesRight(decider.vector, rule, positives, negatives);
  const count = positives.count + negatives.count;
  const sum = (rows: Rows) => (mean(project(rows, decider.vector)) ?? 0) * rows.count;
  return {
    baseline: (sum(positives) + sum(negatives)) / count,
    train_acc: (rightP * positives.count + rightN * negatives.count) / count,
  };
}

/** What a vector's metadata tells of the training rows, for a vector that was not extracted here. Errors as `extractLayer`. */
export function describeOnTraining(
  decider: Decider,
  { layer, train }: { layer: number; train: LayerActivations },
): Pick<ExtractedVector, "baseline" | "train_acc"> {
  return atLayer(layer, () => {
    const { positives, negatives } = splitByPolarity(train, "training rows");
    return onTraining(decider, positives, negatives);
  });
}

/** Evaluates every vector of one layer on validation rows. Errors as `extractLayer`. */
export function evaluateLayer(job: EvaluateLayerJob): Record<string, VectorEvaluation> {
  return atLayer(job.layer, () => {
    const train = splitByPolarity(job.train, "training rows", job.zeroDimensions);
    const validation = splitByPolarity(job.val, "validation rows", job.zeroDimensions);
    const seed = hashSeed(`layer ${job.layer}`, job.seed);
    return Object.fromEntries(
      Object.entries(job.vectors).map(([method, decider]): [string, VectorEvaluation] => [
        method,
        evaluateVector(decider, train, validation, { seed }),
      ]),
    );
  });
}

/** Splits rows by polarity and finds the pairs among them. Throws `invalid-input` for a side without rows. */
export function splitByPolarity(
  activations: LayerActivations,
  name: string,
  zeroDimensions: readonly number[] = [],
) {
  const { values, labels, indices, hidden } = activations;
  if (values.length !== labels.length * hidden || labels.length !== indices.length) {
    throw new AppError(
      "invalid-input",
      `${name}: ${values.length} numbers, ${labels.length} labels and ${indices.length} indices do not fit ${hidden} hidden dimensions`,
    );
  }
  const all: Rows = { data: values, count: labels.length, dim: hidden };
  const kept = zeroDimensions.length > 0 ? withoutDimensions(all, zeroDimensions) : all;
  const placesOf = (label: number) => Array.from(labels.keys()).filter((at) => labels[at] === label);
  const ofPositives = placesOf(1);
  const ofNegatives = placesOf(0);
  const positives = selectRows(kept, ofPositives);
  const negatives = selectRows(kept, ofNegatives);
  checkRows(positives, `positive ${name}`);
  checkRows(negatives, `negative ${name}`);

  const rowOfLine = new Map(ofNegatives.map((at, place) => [indices[at], place]));
  const pairs = ofPositives.flatMap((at, place): [number, number][] => {
    const partner = rowOfLine.get(indices[at]);
    return partner === undefined ? [] : [[place, partner]];
  });
  return { positives, negatives, pairs };
}

/** Names the layer in an error of the work. */
export function atLayer<Result>(layer: number, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message, userMessage, retryable, details } = error;
    throw new AppError(code, `layer ${layer}: ${message}`, {
      userMessage: `layer ${layer}: ${userMessage}`,
      retryable,
      details,
      cause: error,
    });
  }
}
