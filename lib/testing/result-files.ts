import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { readSafetensors } from "#lib/formats/safetensors.ts";
import { toFloat32 } from "#lib/formats/tensor.ts";

// Two runs of the same settings, compared by their files.

const TIMED = /(stages\.json|manifest\.json|report\.md|config\.json|\.jsonl)$/;

/** An experiment's result files by path; what tells times, the run or the order of arrival is left out. */
function resultFiles(home: string, experiment: string, trait: string): Map<string, Buffer> {
  const folder = path.join(home, "experiments", experiment);
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !TIMED.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => path.relative(folder, file))
      .filter((file) => file.includes(`/${trait}/`))
      .map((file) => [file, readFileSync(path.join(folder, file))]),
  );
}

export interface Comparison {
  /** Files that only one run has. */
  onlyOne: string[];
  /** Texts (responses, steered samples) that are not the same. */
  otherTexts: string[];
  /** Tensor files with a value further off than rounding explains. */
  otherNumbers: string[];
}

export const equalResults: Comparison = { onlyOne: [], otherTexts: [], otherNumbers: [] };

/** Compares what two homes hold of one trait of an experiment. */
export function compareResults(ours: string, theirs: string, experiment: string, trait: string): Comparison {
  const a = resultFiles(ours, experiment, trait);
  const b = resultFiles(theirs, experiment, trait);
  const both = [...a.keys()].filter((file) => b.has(file));
  return {
    onlyOne: [...a.keys(), ...b.keys()].filter((file) => !both.includes(file)),
    otherTexts: both.filter(
      (file) => /responses\/[^/]*\.json$/.test(file) && !a.get(file)?.equals(b.get(file) ?? new Uint8Array()),
    ),
    otherNumbers: both.filter((file) => {
      const [own, other] = [a.get(file), b.get(file)];
      return file.endsWith(".safetensors") && own && other && !agree(file, own, other);
    }),
  };
}

const TOLERANCE = 1e-4;

function agree(file: string, own: Buffer, other: Buffer): boolean {
  const expected = readSafetensors(other, file).tensors;
  return [...readSafetensors(own, file).tensors].every(([name, tensor]) => {
    const values = expected.get(name);
    return values && largestDifference(toFloat32(tensor), toFloat32(values)) <= TOLERANCE;
  });
}

/** NaN where the two differ in length or either holds a NaN. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.NaN;
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] ?? Number.NaN))), 0);
}
