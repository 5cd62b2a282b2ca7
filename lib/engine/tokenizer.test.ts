import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createTokenizer } from "./tokenizer.ts";

const folder = path.resolve("public/models/demo");
const json = (name: string) => JSON.parse(readFileSync(path.join(folder, name), "utf8"));
const files = { tokenizer: json("tokenizer.json"), config: json("tokenizer_config.json") };
const tokenizer = createTokenizer(files.tokenizer, files.config);
const [bos] = tokenizer.encodeText("<|bos|>");
const text = "The baker said that the bread is good.";

describe("the demo model's tokenizer", () => {
  it("starts a plain text with the beginning token, bare text without", () => {
    expect(tokenizer.encodePrompt({ text })).toEqual([bos, ...tokenizer.encodeText(text)]);
    expect(tokenizer.encodeText("")).toEqual([]);
    expect(tokenizer.decode(tokenizer.encodeText(text))).toBe(text);
  });

  it("renders a chat with its template and one beginning token, ready for the answer", () => {
    const messages = [
      { role: "system" as const, content: "Be kind." },
      { role: "user" as const, content: "Hello!" },
    ];
    const tokens = tokenizer.encodePrompt({ messages });
    expect(tokenizer.decode(tokens)).toBe(
      "<|bos|><|system|>Be kind.<|end|><|user|>Hello!<|end|><|assistant|>",
    );
    expect(tokens.filter((token) => token === bos)).toHaveLength(1);
    expect(tokenizer.decode(tokens, false)).toBe("Be kind.Hello!");
  });

  it("never tidies spaces", () => {
    for (const odd of ["a , b", "it 's", "  two", "end  ", "line\n\nline"]) {
      expect(tokenizer.decode(tokenizer.encodeText(odd))).toBe(odd);
    }
  });

  it("names the token that ends a text", () => {
    expect(tokenizer.decode([tokenizer.eosToken ?? -1])).toBe("<|endoftext|>");
  });
});

describe("a tokenizer without a chat template", () => {
  it("refuses messages and says what to do", () => {
    const { chat_template: _, ...bare } = files.config;
    const base = createTokenizer(files.tokenizer, bare);
    expect(base.hasChatTemplate).toBe(false);
    expect(() => base.encodePrompt({ messages: [{ role: "user", content: "Hello!" }] })).toThrow(
      expect.objectContaining({
        code: "invalid-input",
        message: "this model has no chat template: choose an instruct model, or base mode (--base-model)",
      }),
    );
  });

  it("takes the one in chat_template.jinja, whose own words come out when it refuses", () => {
    const template = "{{ raise_exception('only users may speak') }}";
    const strict = createTokenizer(files.tokenizer, files.config, template);
    expect(() => strict.encodePrompt({ messages: [{ role: "user", content: "Hello!" }] })).toThrow(
      /^the model's chat template refused the messages: .*only users may speak/,
    );
  });
});

it("a tokenizer.json that is none is refused", () => {
  expect(() => createTokenizer({ version: "1.0" }, {})).toThrow(
    expect.objectContaining({
      code: "invalid-file",
      message: expect.stringMatching(/^tokenizer\.json cannot be used: /),
    }),
  );
});
