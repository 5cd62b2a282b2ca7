/**
 * Indexes of one build's files, so that looking through them reads no more than what is shown. Another build's take
 * their place.
 */
export class KeptIndexes<Index> {
  #build: string | null = null;
  #kept = new Map<string, { state: string; index: Promise<Index> }>();

  /**
   * @param part which of the build's files
   * @param state tells whether they have changed since
   * @param read is given the index of an earlier state
   */
  get(
    build: string,
    part: string,
    state: string,
    read: (former: Index | null) => Promise<Index>,
  ): Promise<Index> {
    if (build !== this.#build) {
      this.#build = build;
      this.#kept = new Map();
    }
    const all = this.#kept;
    const kept = all.get(part);
    if (kept?.state === state) return kept.index;
    const former = kept ? kept.index.catch(() => null) : Promise.resolve(null);
    const index = former.then(read);
    all.set(part, { state, index });
    index.catch(() => {
      if (all.get(part)?.index === index) all.delete(part);
    });
    return index;
  }
}
