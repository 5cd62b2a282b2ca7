import { AppError } from "#lib/core/errors.ts";
import type { VectorMethod } from "./method.ts";
import { gradient, gradientMeanMargin } from "./methods/gradient.ts";
import { meanDiff } from "./methods/mean-diff.ts";
import { pca } from "./methods/pca.ts";
import { probe } from "./methods/probe.ts";
import { random } from "./methods/random.ts";

/** Every extraction method by name: a new one is a file in `methods/` and a line here. */
export const vectorMethods: ReadonlyMap<string, VectorMethod> = new Map(
  [meanDiff, probe, gradient, pca, random, gradientMeanMargin].map((method) => [method.name, method]),
);

/** The method of that name. Throws `usage` naming the known ones. */
export function vectorMethod(name: string): VectorMethod {
  const method = vectorMethods.get(name);
  if (method) return method;
  throw new AppError(
    "usage",
    `extraction method ${JSON.stringify(name)} is not known: use ${[...vectorMethods.keys()].join(", ")}`,
  );
}

/** Reads `mean_diff,probe`, in order, without repeats. Throws `usage` for an unknown method or none at all. */
export function parseMethods(text: string): string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) {
    throw new AppError(
      "usage",
      `no extraction method given: use some of ${[...vectorMethods.keys()].join(", ")}`,
    );
  }
  return [...new Set(names)].map((name) => vectorMethod(name).name);
}

/** The folder of a method's vectors (formats.md section 2); `:` is no character for a folder name on every system. */
export function methodFolder(name: string): string {
  return name.replaceAll(":", "_");
}
