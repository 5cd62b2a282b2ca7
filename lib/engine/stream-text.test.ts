import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StoppedText, stopIndex } from "./stop-text.ts";
import { RowStream, TextStream } from "./stream-text.ts";

/** A byte-level decoder: token = byte, incomplete UTF-8 becomes U+FFFD, as tokenizers do it. */
const decodeBytes = (tokens: readonly number[]) => new TextDecoder().decode(Uint8Array.from(tokens));
const bytesOf = (text: string) => [...new TextEncoder().encode(text)];

describe("text from tokens", () => {
  it("adds up to the text, with no half character on the way", () => {
    fc.assert(
      fc.property(
        fc
          .string({ unit: "grapheme" })
          .filter((text) => !text.includes("\uFFFD") && !text.includes("\uFEFF")),
        (text) => {
          const stream = new TextStream(decodeBytes);
          const pieces = bytesOf(text).map((token) => stream.push(token));
          expect(pieces.join("")).toBe(text);
          expect(pieces.join("")).not.toContain("\uFFFD");
        },
      ),
    );
  });

  it("lets a character appear with its last token", () => {
    const stream = new TextStream(decodeBytes);
    expect(bytesOf("a€b").map((token) => stream.push(token))).toEqual(["a", "", "", "€", "b"]);
  });

  it("keeps spaces that depend on the token before", () => {
    // Decoders that join words with spaces: the first token of a text has none.
    const words = ["Hello", "there", "friend"];
    const stream = new TextStream((tokens) => tokens.map((token) => words[token]).join(" "));
    expect([0, 1, 2].map((token) => stream.push(token))).toEqual(["Hello", " there", " friend"]);
  });
});

describe("a row tried again", () => {
  it("tells each token once, also when the second attempt is longer", () => {
    const stream = new RowStream(decodeBytes);
    const [a = 0, b = 0, c = 0] = bytesOf("abc");
    const push = (token: number) => stream.push(token).text;
    expect([push(a), push(b)]).toEqual(["a", "b"]);
    stream.restart();
    expect([push(a), push(b), push(c)]).toEqual([undefined, undefined, "c"]);
  });
});

describe("a text with stops", () => {
  /** Everything told, and at which piece it ended. */
  const feed = (pieces: readonly string[], stops: readonly string[]) => {
    const stream = new StoppedText(stops);
    const told = pieces.map((piece) => stream.push(piece));
    const end = told.findIndex(({ stopped }) => stopped);
    const heard = end < 0 ? told : told.slice(0, end + 1);
    return { text: heard.map(({ text }) => text).join(""), end };
  };

  it("ends before the first stop to be whole, however the pieces fall, and never tells a part of it", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 12 });
    const stop = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 6 }), fc.array(stop, { maxLength: 3 }), (pieces, stops) => {
        // A longer stop text that begins before a shorter one may not be whole yet when the shorter is.
        const heard = pieces.map((_, at) => pieces.slice(0, at + 1).join(""));
        const ending = heard.findIndex((sofar) => stopIndex(sofar, stops) >= 0);
        const { text, end } = feed(pieces, stops);
        expect(end).toBe(ending);
        const whole = heard.at(ending) ?? "";
        if (ending >= 0) {
          expect(text).toBe(whole.slice(0, stopIndex(whole, stops)));
          return;
        }
        expect(whole.startsWith(text)).toBe(true);
        // What is held back is the beginning of some stop.
        const held = whole.slice(text.length);
        expect(held === "" || stops.some((one) => one.startsWith(held))).toBe(true);
      }),
    );
  });

  it("tells everything at once where nothing can begin a stop", () => {
    expect(feed(["Once", " upon"], ["\n", ""])).toEqual({ text: "Once upon", end: -1 });
  });
});
