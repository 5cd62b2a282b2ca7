export interface Similar {
  /** The earlier set. */
  of: number;
  /** Jaccard, 0-1. */
  similarity: number;
}

/** Chains stay short for prefixes of up to about this many elements. */
const BUCKETS_PER_SET = 16;

/**
 * Finds, one set after another, an earlier one of at least a given Jaccard similarity. Exact: two sets of similarity t
 * share an element among their first |x| − ⌈t·|x|⌉ + 1 in one common order (prefix filtering, Chaudhuri, Ganti &
 * Kaushik 2006), so only those are indexed; rarest first keeps the index's lists short. A set that resembles an
 * earlier one is not indexed: of many alike, each is compared with the first alone.
 */
export class SimilarSets {
  readonly #sets: readonly Float64Array[];
  readonly #threshold: number;
  /** Chained hash table from an element to the sets that have it in their prefix; 0 ends a chain. */
  readonly #heads: Uint32Array;
  readonly #owner: number[] = [0];
  readonly #next: number[] = [0];
  /** The last set each earlier one was compared with, plus one. */
  readonly #compared: Uint32Array;

  /** @param sets non-negative whole numbers, distinct and ascending */
  constructor(sets: readonly Float64Array[], threshold: number) {
    this.#sets = sets;
    this.#threshold = threshold;
    this.#heads = new Uint32Array(Math.max(1, sets.length * BUCKETS_PER_SET));
    this.#compared = new Uint32Array(sets.length);
  }

  /** The first earlier set found like this one; where there is none, this one is indexed. @param comparable which earlier sets count */
  addUnlessSimilar(at: number, comparable: (other: number) => boolean): Similar | null {
    const set = this.#sets[at] ?? new Float64Array();
    const prefix = set.subarray(0, set.length - Math.ceil(this.#threshold * set.length - 1e-9) + 1);
    for (const element of prefix) {
      for (
        let node = this.#heads[element % this.#heads.length] ?? 0;
        node !== 0;
        node = this.#next[node] ?? 0
      ) {
        const other = this.#owner[node] ?? 0;
        if (this.#compared[other] === at + 1) continue;
        this.#compared[other] = at + 1;
        const similarity = jaccard(set, this.#sets[other] ?? new Float64Array(), this.#threshold);
        if (similarity !== null && comparable(other)) return { of: other, similarity };
      }
    }
    for (const element of prefix) {
      this.#next.push(this.#heads[element % this.#heads.length] ?? 0);
      this.#heads[element % this.#heads.length] = this.#owner.push(at) - 1;
    }
    return null;
  }
}

/** Merges two ascending sets, and gives up as soon as the threshold is out of reach: then null. */
function jaccard(a: Float64Array, b: Float64Array, threshold: number): number | null {
  // |a ∩ b| / (|a| + |b| − |a ∩ b|) ≥ t  ⇔  |a ∩ b| ≥ t / (1 + t) · (|a| + |b|)
  const needed = (threshold / (1 + threshold)) * (a.length + b.length) - 1e-9;
  let shared = 0;
  let inA = 0;
  let inB = 0;
  while (shared + Math.min(a.length - inA, b.length - inB) >= needed) {
    if (inA === a.length || inB === b.length) return shared / (a.length + b.length - shared);
    const difference = (a[inA] as number) - (b[inB] as number);
    if (difference === 0) shared++;
    if (difference <= 0) inA++;
    if (difference >= 0) inB++;
  }
  return null;
}
