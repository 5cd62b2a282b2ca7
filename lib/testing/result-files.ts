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
  /** Files of responses that are not the same, and all of steered samples that differ where more than a few do. */
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
  const texts = both
    .filter((file) => /responses\/[^/]*\.json$/.test(file))
    .map((file) => ({ file, ...differing(a.get(file), b.get(file)) }));
  const steered = texts.filter(({ file }) => file.startsWith("steering/"));
  const few = FEW * steered.reduce((sum, { entries }) => sum + entries, 0);
  const excused = steered.reduce((sum, { different }) => sum + different, 0) <= few ? steered : [];
  return {
    onlyOne: [...a.keys(), ...b.keys()].filter((file) => !both.includes(file)),
    otherTexts: texts.filter((text) => text.different > 0 && !excused.includes(text)).map(({ file }) => file),
    otherNumbers: both.filter((file) => {
      const [own, other] = [a.get(file), b.get(file)];
      return file.endsWith(".safetensors") && own && other && !agree(file, own, other);
    }),
  };
}

/**
 * Share of steered samples that may differ: the vectors they are steered by differ in their last digits, and a text that
 * is pushed hard stands at times on a tie of two words.
 */
const FEW = 0.01;

function differing(own: Buffer | undefined, other: Buffer | undefined) {
  const [ours, theirs] = [own, other].map((text): unknown[] => JSON.parse(String(text)));
  const entries = Math.max(ours?.length ?? 0, theirs?.length ?? 0);
  const different = Array.from({ length: entries }, (_, at) => at).filter(
    (at) => JSON.stringify(ours?.[at]) !== JSON.stringify(theirs?.[at]),
  ).length;
  return { entries, different };
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
