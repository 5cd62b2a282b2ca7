/** Three words in a row. */
const SIZE = 3;
/** 30 bits: what engines keep as a small integer. */
const HASHES = 2 ** 30;

/**
 * For each text its set of word shingles, ascending. A shingle is a number: how often it comes (about), then a 30-bit
 * hash; so the rarest come first, in an order common to all texts. A text shorter than a shingle is one shingle, an
 * empty one has none.
 * @param texts words as numbers
 */
export function shingles(texts: readonly Uint32Array[]): Float64Array[] {
  const buckets = Math.max(
    1,
    texts.reduce((sum, ids) => sum + ids.length, 0),
  );
  const counts = new Uint32Array(buckets);
  const sets = texts.map((ids) => {
    const set = new Set<number>();
    const starts = ids.length === 0 ? 0 : Math.max(1, ids.length - SIZE + 1);
    for (let at = 0; at < starts; at++) {
      let hash = Math.min(SIZE, ids.length);
      for (let next = at; next < Math.min(at + SIZE, ids.length); next++) hash = mixed(hash, ids[next] ?? 0);
      set.add(hash % HASHES);
    }
    for (const hash of set) counts[hash % buckets] = (counts[hash % buckets] ?? 0) + 1;
    return set;
  });
  return sets.map((set) => {
    const sorted = new Float64Array(set.size);
    let at = 0;
    for (const hash of set) sorted[at++] = (counts[hash % buckets] ?? 0) * HASHES + hash;
    return sorted.sort();
  });
}

function mixed(hash: number, value: number): number {
  const mix = Math.imul(hash ^ value, 0x9e3779b1);
  return Math.imul(mix ^ (mix >>> 15), 0x85ebca6b) >>> 0;
}
