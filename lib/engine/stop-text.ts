/** Where the earliest stop text begins, or -1. Empty stop texts stop nothing. */
export function stopIndex(text: string, stops: readonly string[]): number {
  const found = stops.flatMap((stop) => (stop === "" ? [] : [text.indexOf(stop)])).filter((at) => at >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}

/** A growing text that ends before the first stop text; what may be the beginning of one is held back. */
export class StoppedText {
  readonly #stops: readonly string[];
  #text = "";
  #told = 0;

  constructor(stops: readonly string[]) {
    this.#stops = stops;
  }

  /** @returns what can be told now, and whether the text has ended */
  push(piece: string): { text: string; stopped: boolean } {
    this.#text += piece;
    const at = stopIndex(this.#text, this.#stops);
    const end = at >= 0 ? at : this.#text.length - this.#held();
    const text = this.#text.slice(this.#told, end);
    this.#told = Math.max(this.#told, end);
    return { text, stopped: at >= 0 };
  }

  /** Length of the longest end of the text with which a stop text begins. */
  #held(): number {
    const most = Math.max(0, ...this.#stops.map(({ length }) => length - 1));
    for (let length = Math.min(most, this.#text.length); length > 0; length--) {
      const end = this.#text.slice(-length);
      if (this.#stops.some((stop) => stop.startsWith(end))) return length;
    }
    return 0;
  }
}
