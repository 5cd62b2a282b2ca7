import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTraitFolder, scenarioPairs, traitFiles } from "./folder.ts";
import { formatScenarios, parseScenarioJsonl, parseScenarioLines } from "./scenario.ts";
import { formatSteering, parseSteering } from "./steering-file.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

describe("scenario lines", () => {
  it("ignores BOM, CRLF and blank lines, and keeps line numbers and inner spaces", () => {
    expect(parseScenarioLines(utf8('\uFEFFShe said, "\r\n\r\n   \n He left \r\n'), "p.txt")).toEqual([
      { index: 0, line: 1, prompt: 'She said, "' },
      { index: 1, line: 4, prompt: " He left " },
    ]);
  });

  it("names file and line of what it refuses", () => {
    expect(() => parseScenarioLines("a\n\nx".concat("é".repeat(4096)), "d/p.txt")).toThrow(
      /^d\/p\.txt:3: 8193 bytes are too long/,
    );
    expect(parseScenarioLines("é".repeat(4096), "p.txt")).toHaveLength(1);
    expect(() => parseScenarioLines(Uint8Array.of(0x61, 0x0a, 0xff), "p.txt")).toThrow(
      /^p\.txt:2: not UTF-8/,
    );
    expect(() => parseScenarioLines("\n \r\n", "p.txt")).toThrow(/^p\.txt: there is no scenario/);
  });

  it("round-trips any lines", () => {
    const line = fc.string({ unit: "grapheme" }).filter((text) => text.trim() !== "" && !/[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (lines) => {
        const text = formatScenarios(
          lines.map((prompt) => ({ prompt })),
          "lines",
        );
        // A leading U+FEFF of the first line reads as a byte order mark.
        fc.pre(!text.startsWith("\uFEFF"));
        expect(parseScenarioLines(utf8(text), "p.txt").map(({ prompt }) => prompt)).toEqual(lines);
      }),
    );
  });
});

describe("scenario records", () => {
  it("read and write system prompts", () => {
    const text = '{"prompt": "Hello", "system_prompt": "Be kind.", "extra": 1}\r\n\n{"prompt":"two\\nlines"}';
    const scenarios = parseScenarioJsonl(text, "p.jsonl");
    expect(scenarios).toEqual([
      { index: 0, line: 1, prompt: "Hello", system_prompt: "Be kind." },
      { index: 1, line: 3, prompt: "two\nlines" },
    ]);
    const written = formatScenarios(scenarios, "jsonl");
    expect(parseScenarioJsonl(written, "p.jsonl").map(({ prompt }) => prompt)).toEqual([
      "Hello",
      "two\nlines",
    ]);
    expect(() => formatScenarios(scenarios, "lines")).toThrow(/scenario 1 has a system prompt.*jsonl/);
  });

  it.each([
    ['{"prompt": "a"}\n{"prompt": 3}', /^p\.jsonl:2: prompt:/],
    ['{"prompt": "a"}\n\n{"prompt"', /^p\.jsonl:3: malformed JSON/],
    ['{"prompt": " "}', /^p\.jsonl:1: prompt: is blank/],
    ["[]", /^p\.jsonl:1: the line:/],
  ])("refuses %j", (text, message) => {
    expect(() => parseScenarioJsonl(text, "p.jsonl")).toThrow(message);
  });
});

describe("steering.json", () => {
  it("keeps unknown fields and says what is wrong where", () => {
    const steering = parseSteering('{"questions": ["a?"], "eval_prompt": "{answer}", "note": 1}', "s.json");
    expect(parseSteering(formatSteering(steering), "s.json")).toEqual({
      questions: ["a?"],
      eval_prompt: "{answer}",
      note: 1,
    });
    expect(() => parseSteering('{\n "questions": [\n}', "s.json")).toThrow(/^s\.json:3: malformed JSON/);
    expect(() => parseSteering('{"questions": []}', "s.json")).toThrow(/at least one question/);
    expect(() => parseSteering("{", "s.json")).toThrow(/^s\.json:1: malformed/);
  });
});

describe("trait folders", () => {
  const files = (entries: Record<string, string>) => new Map(Object.entries(entries));

  it("pair by place and tell unequal counts with what to do", () => {
    const even = parseTraitFolder(
      files({ "positive.txt": "a\n\nb", "negative.jsonl": '{"prompt":"c"}\n{"prompt":"d"}' }),
      "t",
    );
    expect(scenarioPairs(even, "t").map((pair) => [pair.positive.prompt, pair.negative.prompt])).toEqual([
      ["a", "c"],
      ["b", "d"],
    ]);
    expect(even.definition).toBeNull();
    const odd = parseTraitFolder(files({ "positive.txt": "a\nb\nc", "negative.txt": "d" }), "t");
    expect(() => scenarioPairs(odd, "t")).toThrow(
      "t: 3 positive but 1 negative scenarios; they form pairs by line: add 2 to negative.txt or remove 2 from positive.txt",
    );
  });

  it.each([
    [{ "positive.txt": "a" }, /^t\/negative\.txt is not there/],
    [{ "positive.txt": "a", "positive.jsonl": '{"prompt":"a"}' }, /both positive\.txt and positive\.jsonl/],
    [{ "positive.txt": "a", "negative.txt": "b", "definition.txt": " \n" }, /^t\/definition\.txt is empty/],
  ])("refuse %j", (entries, message) => {
    expect(() => parseTraitFolder(files(entries as Record<string, string>), "t")).toThrow(message);
  });

  const published = "../shared/data/public/trait-interp/datasets/traits/chirp/refusal";
  it.runIf(existsSync(published))("read a published trait", () => {
    const contents = traitFiles
      .filter((name) => existsSync(`${published}/${name}`))
      .map((name): [string, Uint8Array] => [name, readFileSync(`${published}/${name}`)]);
    const trait = parseTraitFolder(new Map(contents), "chirp/refusal");
    expect(trait.positive.length).toBeGreaterThan(10);
    expect(trait.definition).toMatch(/refus/i);
    expect(trait.steering?.questions.length).toBeGreaterThan(0);
  });
});
