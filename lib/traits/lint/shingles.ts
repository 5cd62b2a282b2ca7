/** Three words in a row. */
const SIZE = 3;
// Three word numbers in one exact float64: 17 bits each. A vocabulary beyond that shares numbers, which verifying forgives.
const BASE = 2 ** 17;

/** For each text its set of word shingles as numbers, the rarest first. A text shorter than a shingle is one shingle. */
export function shingles(texts: readonly (readonly string[])[]): Float64Array[] {
  const numbers = new Map<string, number>();
  const numberOf = (word: string) => {
    const known = numbers.get(word);
    if (known !== undefined) return known;
    const next = (numbers.size + 1) % BASE;
    numbers.set(word, next);
    return next;
  };
  const counts = new Map<number, number>();
  const sets = texts.map((words) => {
    const ids = words.map(numberOf);
    const set = new Set<number>();
    for (let at = 0; at < Math.max(1, ids.length - SIZE + 1); at++) {
      const [a = 0, b = 0, c = 0] = [ids[at], ids[at + 1], ids[at + 2]];
      set.add((a * BASE + b) * BASE + c);
    }
    for (const shingle of set) counts.set(shingle, (counts.get(shingle) ?? 0) + 1);
    return set;
  });
  return sets.map((set) =>
    Float64Array.from(set).sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0) || a - b),
  );
}
