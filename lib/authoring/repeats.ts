import { type Polarity, polarities } from "#lib/core/names.ts";
import { type LintLine, readLine } from "#lib/traits/lint/line.ts";
import { duplicateKey } from "#lib/traits/lint/lints/duplicate.ts";
import { nearlySame } from "#lib/traits/lint/lints/near-duplicate.ts";
import { shingles } from "#lib/traits/lint/shingles.ts";
import { SimilarSets } from "#lib/traits/lint/similar-sets.ts";
import type { Scenario } from "#lib/traits/scenario.ts";

/** A line that is not in the trait yet. */
export interface Draft {
  polarity: Polarity;
  text: string;
  /** What the reason of a later draft calls it. */
  name: string;
}

interface Known extends LintLine {
  name: string;
}

interface Place {
  line: Known;
  side: Side;
  /** Among the side's lines. */
  at: number;
}

interface Side {
  /** The trait's lines, then the drafts. */
  lines: Known[];
  similar: SimilarSets;
}

/**
 * Tells which drafts repeat a line: the same on either side, or nearly the same on its own, as the lints see it but
 * whatever the system prompt. Drafts are asked about in turn; one that was, and is not forgotten, is a line that later
 * ones may repeat.
 */
export class Repeats {
  readonly #sides: Record<Polarity, Side>;
  readonly #drafts: Place[];
  readonly #same = new Map<string, Known[]>();
  readonly #forgotten = new Set<Known>();

  constructor(existing: Record<Polarity, readonly Scenario[]>, drafts: readonly Draft[]) {
    const vocabulary = new Map<string, number>();
    const read = (prompt: string, polarity: Polarity, index: number, line: number, name: string): Known => ({
      ...readLine({ line, prompt }, polarity, index, vocabulary),
      name,
    });
    const sideOf = (polarity: Polarity): Side => {
      const own = existing[polarity].map(({ prompt, index, line }) =>
        read(prompt, polarity, index, line, `${polarity} line ${line}`),
      );
      const drafted = drafts
        .filter((draft) => draft.polarity === polarity)
        .map(({ text, name }) => read(text, polarity, -1, 0, name));
      const lines = [...own, ...drafted];
      const similar = new SimilarSets(shingles(lines.map(({ ids }) => ids)), nearlySame);
      for (const [at, line] of own.entries()) {
        similar.addUnlessSimilar(at, () => true);
        this.#remember(line);
      }
      return { lines, similar };
    };
    this.#sides = { positive: sideOf("positive"), negative: sideOf("negative") };
    const next = Object.fromEntries(polarities.map((side) => [side, existing[side].length]));
    this.#drafts = drafts.map(({ polarity }) => {
      const side = this.#sides[polarity];
      const at = next[polarity] ?? 0;
      next[polarity] = at + 1;
      return { line: side.lines[at] as Known, side, at };
    });
  }

  /**
   * What a draft repeats, in words; null when it is new.
   * @param except 0-based scenario of its side that it would replace
   */
  reason(draft: number, except?: number): string | null {
    const { line, side, at } = this.#drafts[draft] as Place;
    const counts = (other: Known | undefined): other is Known =>
      other !== undefined &&
      !this.#forgotten.has(other) &&
      !(other.polarity === line.polarity && other.index === except);
    const same = this.#same.get(duplicateKey(line))?.find(counts);
    if (same) return `the same as ${same.name}`;
    const near = side.similar.addUnlessSimilar(at, (other) => counts(side.lines[other]));
    this.#remember(line);
    if (!near) return null;
    return `nearly the same as ${side.lines[near.of]?.name} (${Math.round(near.similarity * 100)} % of their three-word runs)`;
  }

  /** A draft that is not used: later ones may say the same. */
  forget(draft: number): void {
    const line = this.#drafts[draft]?.line;
    if (line) this.#forgotten.add(line);
  }

  #remember(line: Known): void {
    const key = duplicateKey(line);
    const known = this.#same.get(key);
    if (known) known.push(line);
    else this.#same.set(key, [line]);
  }
}
