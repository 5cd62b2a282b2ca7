import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { cosine, dot } from "#lib/core/linear.ts";
import {
  auroc,
  aurocInterval,
  median,
  pearson,
  quantileOfSorted,
  ranks,
  sampleDeviation,
  spearman,
  wilsonInterval,
} from "#lib/core/statistics.ts";
import { evaluateVector } from "./evaluation.ts";
import { vectorMethod } from "./methods.ts";
import type { Rows } from "./rows.ts";

// Written by tools/references/vectors.py from numpy, scipy and scikit-learn.
const list = z.array(z.number());
const reference = z
  .object({
    statistics: z.object({
      positives: list,
      negatives: list,
      auroc: z.number(),
      auroc_ci: list,
      a: list,
      b: list,
      ranks_of_a: list,
      pearson: z.number(),
      spearman: z.number(),
      sample_deviation_of_b: z.number(),
      median_of_b: z.number(),
      quantile_2_5_percent_of_b: z.number(),
      wilson: z.array(z.object({ successes: z.number(), trials: z.number(), interval: list })),
    }),
    cases: z.array(
      z.object({
        seed: z.number(),
        dim: z.number(),
        train_p: list,
        train_n: list,
        val_p: list,
        val_n: list,
        mean_diff: list,
        probe: z.object({
          coef: list,
          intercept: z.number(),
          train_accuracy: z.number(),
          val_accuracy: z.number(),
          val_auroc: z.number(),
        }),
        pca: z.object({ component: list, explained_variance_ratio: z.number() }),
        mean_diff_evaluation: z.object({
          val_accuracy: z.number(),
          val_auroc: z.number(),
          val_auroc_ci: list,
          val_effect_size: z.number(),
        }),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL("./fixtures/reference.json", import.meta.url), "utf8")));

const closeTo = (expected: readonly number[], digits = 10) =>
  expected.map((value) => expect.closeTo(value, digits));

describe("statistics as in numpy, scipy and scikit-learn", () => {
  const { statistics } = reference;
  it("AUROC, DeLong", () => {
    const { positives, negatives } = statistics;
    expect(auroc(positives, negatives)).toBeCloseTo(statistics.auroc, 12);
    expect(aurocInterval(positives, negatives)).toEqual(closeTo(statistics.auroc_ci));
  });

  it("ranks, correlations, spread, quantiles", () => {
    const { a, b } = statistics;
    expect([...ranks(a)]).toEqual(statistics.ranks_of_a);
    expect(pearson(a, b)).toBeCloseTo(statistics.pearson, 12);
    expect(spearman(a, b)).toBeCloseTo(statistics.spearman, 12);
    expect(sampleDeviation(b)).toBeCloseTo(statistics.sample_deviation_of_b, 12);
    expect(median(b)).toBe(statistics.median_of_b);
    const sorted = [...b].sort((x, y) => x - y);
    expect(quantileOfSorted(sorted, 0.025)).toBeCloseTo(statistics.quantile_2_5_percent_of_b, 12);
  });

  it.each(statistics.wilson)(
    "Wilson's interval of $successes in $trials",
    ({ successes, trials, interval }) => {
      expect(wilsonInterval(successes, trials)).toEqual(closeTo(interval));
    },
  );
});

describe.each(reference.cases)("case $seed in $dim dimensions", (found) => {
  const rows = (values: number[]): Rows => ({
    data: Float32Array.from(values),
    count: values.length / found.dim,
    dim: found.dim,
  });
  const train = { positives: rows(found.train_p), negatives: rows(found.train_n) };
  const validation = { positives: rows(found.val_p), negatives: rows(found.val_n) };
  const pairs = Array.from(
    { length: Math.min(train.positives.count, train.negatives.count) },
    (_, at): [number, number] => [at, at],
  );
  const extract = (method: string) =>
    vectorMethod(method).extract(train.positives, train.negatives, { seed: 1, pairs });

  it("mean_diff is numpy's", () => {
    const { vector, norm } = extract("mean_diff");
    expect(norm).toBeCloseTo(Math.sqrt(dot(found.mean_diff, found.mean_diff)), 6);
    vector.forEach((value, at) => {
      expect(value * norm).toBeCloseTo(found.mean_diff[at] ?? Number.NaN, 6);
    });
  });

  it("probe is scikit-learn's optimum: direction, size, intercept, decisions", () => {
    const { vector, norm, bias, info } = extract("probe");
    expect(cosine(vector, found.probe.coef)).toBeGreaterThan(0.9999999);
    expect(norm / Math.sqrt(dot(found.probe.coef, found.probe.coef))).toBeCloseTo(1, 6);
    expect(bias).toBeCloseTo(found.probe.intercept, 5);
    expect(info.train_accuracy).toBeCloseTo(found.probe.train_accuracy, 12);
    expect(info.gradient_max).toBeLessThanOrEqual(1e-6);
    expect(info.converged).toBe(true);
    const evaluation = evaluateVector({ vector, norm, bias }, train, validation, { seed: 1 });
    expect(evaluation.val_accuracy).toBeCloseTo(found.probe.val_accuracy, 12);
    expect(evaluation.val_auroc).toBeCloseTo(found.probe.val_auroc, 12);
  });

  it("pca is scikit-learn's component of the recentred pairs", () => {
    const { vector, info } = extract("pca");
    expect(Math.abs(cosine(vector, found.pca.component) ?? 0)).toBeGreaterThan(0.9999999);
    expect(info.explained_variance_ratio).toBeCloseTo(found.pca.explained_variance_ratio, 8);
  });

  it("evaluation of mean_diff", () => {
    const expected = found.mean_diff_evaluation;
    const evaluation = evaluateVector(extract("mean_diff"), train, validation, { seed: 1 });
    expect(evaluation.val_accuracy).toBeCloseTo(expected.val_accuracy, 12);
    expect(evaluation.val_auroc).toBeCloseTo(expected.val_auroc, 12);
    expect(evaluation.val_effect_size).toBeCloseTo(expected.val_effect_size, 4);
    // At an area of 1 DeLong's variance is 0; what stands there instead is tested beside the statistics.
    if (expected.val_auroc < 1) expect(evaluation.val_auroc_ci).toEqual(closeTo(expected.val_auroc_ci, 8));
    else expect(evaluation.val_auroc_ci[0]).toBeLessThan(0.7);
  });
});
