import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { readSafetensors } from "#lib/formats/safetensors.ts";
import { toFloat32 } from "#lib/formats/tensor.ts";

// Two runs of the same settings, compared by their files.

const TIMED = /(stages\.json|manifest\.json|report\.md|config\.json|\.jsonl)$/;

/** An experiment's result files by path; what tells times, the run or the order of arrival is left out. */
function resultFiles(home: string, experiment: string): Map<string, Buffer> {
  const folder = path.join(home, "experiments", experiment);
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !TIMED.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [path.relative(folder, file), readFileSync(file)]),
  );
}

export interface Comparison {
  /** Files that only one run has. */
  onlyOne: string[];
  /** Texts (responses, steered samples) that are not the same. */
  otherTexts: string[];
  /** Tensors compared, and the largest difference of a value. */
  tensors: number;
  largest: number;
}

export function compareResults(ours: string, theirs: string, experiment: string): Comparison {
  const a = resultFiles(ours, experiment);
  const b = resultFiles(theirs, experiment);
  const both = [...a.keys()].filter((file) => b.has(file));
  const comparison: Comparison = {
    onlyOne: [...a.keys(), ...b.keys()].filter((file) => !both.includes(file)),
    otherTexts: both.filter(
      (file) => /responses\/[^/]*\.json$/.test(file) && !a.get(file)?.equals(b.get(file) ?? new Uint8Array()),
    ),
    tensors: 0,
    largest: 0,
  };
  for (const file of both.filter((name) => name.endsWith(".safetensors"))) {
    const [own = new Uint8Array(), other = new Uint8Array()] = [a.get(file), b.get(file)];
    const expected = readSafetensors(other, file).tensors;
    for (const [name, tensor] of readSafetensors(own, file).tensors) {
      const values = expected.get(name);
      const difference = values ? largestDifference(toFloat32(tensor), toFloat32(values)) : Number.NaN;
      comparison.tensors += 1;
      comparison.largest = Math.max(comparison.largest, difference);
    }
  }
  return comparison;
}

/** NaN where the two differ in length or either holds a NaN. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.NaN;
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] ?? Number.NaN))), 0);
}
