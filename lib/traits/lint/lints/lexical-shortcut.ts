import { dot } from "#lib/core/linear.ts";
import { fitLogistic, type WeightSpace } from "#lib/core/logistic.ts";
import { createRng, shuffled } from "#lib/core/rng.ts";
import { type Lint, onSide } from "../finding.ts";
import type { LintPair } from "../line.ts";

/** From this held-out accuracy on, single words tell the sides apart nearly as well as a probe should. */
const ACCURACY = 0.9;
/** Fewer pairs make the accuracy itself too uncertain. */
const MIN_PAIRS = 15;
/** A sample of this many pairs fixes an accuracy of 90 % to ± 2.4 %, and keeps the time the same for any size. */
const MAX_PAIRS = 300;
/** Words in fewer lines cannot carry over from the training pairs to the held-out ones. */
const MIN_LINES = 2;
const FOLDS = 5;
const SEED = 1;
/** Ridge penalty as scikit-learn's C: its default, for counts of 0 and 1. */
const C = 1;
/** Loose: the side of a held-out line does not depend on the last digits. */
const TOLERANCE = 0.5;
const SHOWN = 6;

/** Single words tell the sides apart on held-out pairs: the vector might learn them instead of the trait. */
export const lexicalShortcut: Lint = {
  id: "lexical-shortcut",
  trait({ pairs, vocabulary }) {
    if (pairs.length < MIN_PAIRS) return [];
    const sample = shuffled(pairs, createRng(SEED)).slice(0, MAX_PAIRS);
    const bags = bagsOf(sample, vocabulary);
    const accuracy = heldOutAccuracy(bags);
    if (accuracy < ACCURACY) return [];
    const { coefficients } = trained(bags.rows, bags.vocabulary.length);
    const order = bags.vocabulary
      .map((word, at) => ({ word, weight: coefficients[at] ?? 0 }))
      .sort((a, b) => b.weight - a.weight || (a.word < b.word ? -1 : 1));
    const top = (words: typeof order) =>
      words
        .slice(0, SHOWN)
        .map(({ word }) => word)
        .join(", ");
    return [
      onSide(null, {
        severity: "warning",
        message: `single words tell the sides apart in ${(accuracy * 100).toFixed(0)} % of held-out lines, so the vector may learn the words instead of the trait; positive: ${top(order)}; negative: ${top(order.toReversed())}`,
        remedy: "say the same in more ways: spread these words over both sides, or vary them",
      }),
    ];
  },
};

/** A line as the numbers of its distinct words. */
interface Row {
  positive: boolean;
  words: Uint32Array;
}

interface Bags {
  vocabulary: string[];
  /** Two rows a pair, one after the other. */
  rows: Row[];
}

function bagsOf(pairs: readonly LintPair[], words: readonly string[]): Bags {
  const lines = pairs.flatMap(({ positive, negative }) => [positive, negative]);
  const sets = lines.map(({ ids }) => new Set(ids));
  const counts = new Uint32Array(words.length);
  for (const set of sets) for (const id of set) counts[id] = (counts[id] ?? 0) + 1;
  const vocabulary: string[] = [];
  const numbers = Array.from(counts, (count, id) =>
    count >= MIN_LINES ? vocabulary.push(words[id] ?? "") - 1 : null,
  );
  const rows = sets.map((set, at) => ({
    positive: lines[at]?.polarity === "positive",
    words: Uint32Array.from([...set].flatMap((id) => numbers[id] ?? [])),
  }));
  return { vocabulary, rows };
}

/** Share of lines that a model trained on the other folds' pairs puts on their side; a tie is half right. */
function heldOutAccuracy({ rows, vocabulary }: Bags): number {
  let right = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const isHeld = (at: number) => (at >> 1) % FOLDS === fold;
    const { coefficients, bias } = trained(
      rows.filter((_, at) => !isHeld(at)),
      vocabulary.length,
    );
    const held = rows.filter((_, at) => isHeld(at));
    spaceOf(held, vocabulary.length)
      .logits(coefficients)
      .forEach((logit, at) => {
        const score = logit + bias;
        right += score === 0 ? 0.5 : score > 0 === held[at]?.positive ? 1 : 0;
      });
  }
  return right / rows.length;
}

function trained(rows: readonly Row[], size: number) {
  return fitLogistic(
    spaceOf(rows, size),
    rows.map(({ positive }) => positive),
    { C, tolerance: TOLERANCE },
  );
}

/** Weights over words, rows holding 1 for each word they have. */
function spaceOf(rows: readonly Row[], size: number): WeightSpace {
  return {
    size,
    logits: (w) =>
      Float64Array.from(rows, ({ words }) => {
        let sum = 0;
        for (const word of words) sum += w[word] as number;
        return sum;
      }),
    pull(r) {
      const result = new Float64Array(size);
      rows.forEach(({ words }, at) => {
        for (const word of words) result[word] = (result[word] as number) + (r[at] as number);
      });
      return result;
    },
    inner: (u, w) => dot(u, w),
  };
}
