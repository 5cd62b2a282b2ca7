/** Three words in a row. */
const SIZE = 3;
const BUCKETS = 2 ** 18;
const HASHES = 2 ** 32;

/**
 * For each text its set of word shingles, ascending. A shingle is a number: how often it comes (about), then a 32-bit
 * hash; so the rarest come first, in an order common to all texts. A text shorter than a shingle is one shingle.
 * @param texts words as numbers
 */
export function shingles(texts: readonly Uint32Array[]): Float64Array[] {
  const counts = new Uint32Array(BUCKETS);
  const sets = texts.map((ids) => {
    const set = new Set<number>();
    for (let at = 0; at < Math.max(1, ids.length - SIZE + 1); at++) {
      let hash = Math.min(SIZE, ids.length);
      for (let next = at; next < Math.min(at + SIZE, ids.length); next++) hash = mixed(hash, ids[next] ?? 0);
      set.add(hash);
    }
    for (const hash of set) counts[hash % BUCKETS] = (counts[hash % BUCKETS] ?? 0) + 1;
    return set;
  });
  return sets.map((set) =>
    Float64Array.from(set, (hash) => (counts[hash % BUCKETS] ?? 0) * HASHES + hash).sort(),
  );
}

function mixed(hash: number, value: number): number {
  const mix = Math.imul(hash ^ value, 0x9e3779b1);
  return Math.imul(mix ^ (mix >>> 15), 0x85ebca6b) >>> 0;
}
