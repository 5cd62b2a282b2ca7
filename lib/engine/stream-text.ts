import { StoppedText } from "./stop-text.ts";
import type { Tokenizer } from "./tokenizer.ts";

const INCOMPLETE = "\uFFFD";

/**
 * Turns tokens into text piece by piece: what each new token adds to the answer. A character whose bytes lie in
 * several tokens appears with its last token; one that is never completed does not appear.
 */
export class TextStream {
  readonly #decode: (tokens: readonly number[]) => string;
  readonly #tokens: number[] = [];
  /** Tokens before this index are final; decoding starts one settled piece earlier, because spaces depend on it. */
  #context = 0;
  #settled = 0;

  constructor(decode: (tokens: readonly number[]) => string) {
    this.#decode = decode;
  }

  push(token: number): string {
    this.#tokens.push(token);
    const piece = this.#unsettled();
    if (piece.endsWith(INCOMPLETE)) return "";
    this.#context = this.#settled;
    this.#settled = this.#tokens.length;
    return piece;
  }

  #unsettled(): string {
    const before = this.#decode(this.#tokens.slice(this.#context, this.#settled));
    return this.#decode(this.#tokens.slice(this.#context)).slice(before.length);
  }
}

/** What each token adds to the text of them all, special tokens included. */
export function tokenTexts({ decode }: Pick<Tokenizer, "decode">, tokens: readonly number[]): string[] {
  const stream = new TextStream(decode);
  return tokens.map((token) => stream.push(token));
}

/**
 * One row's stream over several attempts, up to a stop text: a batch that is tried again repeats its tokens, which are
 * told once.
 */
export class RowStream {
  readonly #decode: (tokens: readonly number[]) => string;
  readonly #stops: readonly string[];
  #text: TextStream;
  #stopped: StoppedText;
  #told = 0;
  #repeated = 0;

  constructor(decode: (tokens: readonly number[]) => string, stops: readonly string[] = []) {
    this.#decode = decode;
    this.#stops = stops;
    this.#text = new TextStream(decode);
    this.#stopped = new StoppedText(stops);
  }

  /** A new attempt begins. */
  restart(): void {
    this.#text = new TextStream(this.#decode);
    this.#stopped = new StoppedText(this.#stops);
    this.#repeated = 0;
  }

  /** What the token adds, undefined when it was told before; and whether a stop text has come. */
  push(token: number): { text: string | undefined; stopped: boolean } {
    const { text, stopped } = this.#stopped.push(this.#text.push(token));
    this.#repeated++;
    if (this.#repeated <= this.#told) return { text: undefined, stopped };
    this.#told = this.#repeated;
    return { text, stopped };
  }
}
