import { type Found, type Lint, onLine } from "../finding.ts";
import type { LintLine } from "../line.ts";
import { shingles } from "../shingles.ts";
import { SimilarSets } from "../similar-sets.ts";
import { duplicateKey } from "./duplicate.ts";

/**
 * Jaccard similarity of three-word shingles from which on two lines say the same thing: one word changed in twenty.
 * Lines of one template that differ in their subject stay below it.
 */
export const nearlySame = 0.7;

/** Nearly the same line again on the same side. */
export const nearDuplicate: Lint = {
  id: "near-duplicate",
  trait: ({ positive, negative }) => [...among(positive), ...among(negative)],
};

function among(lines: readonly LintLine[]): Found[] {
  const sets = new SimilarSets(shingles(lines.map(({ ids }) => ids)), nearlySame);
  return lines.flatMap((line, at) => {
    const similar = sets.addUnlessSimilar(at, (other) => lines[other]?.system === line.system);
    const earlier = similar && lines[similar.of];
    if (!earlier || duplicateKey(earlier) === duplicateKey(line)) return [];
    return [
      onLine(line, {
        severity: "note",
        message: `nearly the same as line ${earlier.line} (${Math.round(similar.similarity * 100)} % of their three-word runs): it teaches nothing new, and may leak from training into evaluation`,
        remedy: "change the situation, or delete the pair",
      }),
    ];
  });
}
