export interface Similar {
  /** The earlier set. */
  of: number;
  /** Jaccard, 0-1. */
  similarity: number;
}

/**
 * Finds, one set after another, an earlier one of at least a given Jaccard similarity. Exact: two sets of similarity t
 * share an element among their first |x| − ⌈t·|x|⌉ + 1 in one common order (prefix filtering, Chaudhuri, Ganti &
 * Kaushik 2006), so only those are indexed; rarest first keeps the index's lists short. A set that resembles an
 * earlier one is not indexed: of many alike, each is compared with the first alone.
 */
export class SimilarSets {
  readonly #sets: readonly Float64Array[];
  readonly #threshold: number;
  readonly #index = new Map<number, number[]>();

  /** @param sets elements distinct, in one order common to all */
  constructor(sets: readonly Float64Array[], threshold: number) {
    this.#sets = sets;
    this.#threshold = threshold;
  }

  /** The first earlier set like this one, if any; otherwise this one is indexed. @param comparable which earlier sets count */
  addUnlessSimilar(at: number, comparable: (other: number) => boolean): Similar | null {
    const set = this.#sets[at] ?? new Float64Array();
    const prefix = set.subarray(0, set.length - Math.ceil(this.#threshold * set.length - 1e-9) + 1);
    const candidates = new Set<number>();
    for (const element of prefix) for (const other of this.#index.get(element) ?? []) candidates.add(other);
    const own = new Set(set);
    for (const other of candidates) {
      const similarity = jaccard(own, this.#sets[other] ?? new Float64Array(), this.#threshold);
      if (similarity !== null && comparable(other)) return { of: other, similarity };
    }
    for (const element of prefix) {
      const list = this.#index.get(element);
      if (list) list.push(at);
      else this.#index.set(element, [at]);
    }
    return null;
  }
}

/** Null below the threshold. */
function jaccard(a: ReadonlySet<number>, b: Float64Array, threshold: number): number | null {
  const [small, large] = a.size < b.length ? [a.size, b.length] : [b.length, a.size];
  if (small < threshold * large) return null;
  let shared = 0;
  for (const element of b) if (a.has(element)) shared++;
  const similarity = shared / (a.size + b.length - shared);
  return similarity >= threshold ? similarity : null;
}
