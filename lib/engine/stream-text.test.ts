import fc from "fast-check";
import { describe, expect, it } from "vitest";
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
    expect([stream.push(a), stream.push(b)]).toEqual(["a", "b"]);
    stream.restart();
    expect([stream.push(a), stream.push(b), stream.push(c)]).toEqual([undefined, undefined, "c"]);
  });
});
