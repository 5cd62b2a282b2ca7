import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { personalityFolder } from "../personalities.ts";
import { cleanReaction, reactionProblem } from "../reaction.ts";
import { characterIn } from "./character.ts";
import type { Columns } from "./columns.ts";
import { resolveColumns, scenarioOf } from "./mapping.ts";
import type { ScenarioSource } from "./source.ts";
import { streamScenarios } from "./stream.ts";

const row = (values: Record<string, unknown>) => ({ row: 1, values, problem: null });
const soda = {
  head: "PersonX asks for a raise",
  relation: "xAttr",
  literal: "Emma asks for a raise.",
  narrative: "Emma has worked hard all year. She asks  her boss for a raise.",
  dialogue: ["Hi, do you have a minute?", "Of course, Emma. What is it?"],
  PersonX: "Emma",
  PersonY: "",
  speakers: ["Emma", "Boss"],
};

describe("columns", () => {
  it("of SODA are known", () => {
    expect(resolveColumns(Object.keys(soda), {}, "soda")).toEqual({
      situation: "narrative",
      dialogue: "dialogue",
      speakers: "speakers",
      name: "PersonX",
    });
  });

  it("are chosen by a person, and must be there", () => {
    expect(resolveColumns(["A", "text"], { situation: "A" }, "x")).toEqual({ situation: "A" });
    expect(() => resolveColumns(["text"], { name: "who" }, "x")).toThrow(
      'x has no column "who" for name: it has text',
    );
    expect(() => resolveColumns(["a", "b"], {}, "x")).toThrow(/no column that looks like a situation/);
  });
});

describe("a scenario", () => {
  const columns = resolveColumns(Object.keys(soda), {}, "soda");

  it("is the narrative and PersonX, else the first speaker, else a name of the text", () => {
    const situation = "Emma has worked hard all year. She asks her boss for a raise.";
    expect(scenarioOf(row(soda), columns)).toEqual({ situation, name: "Emma", question: null });
    expect(scenarioOf(row({ ...soda, PersonX: "PersonX" }), columns)).toMatchObject({ name: "Emma" });
    expect(scenarioOf(row({ narrative: situation }), columns)).toMatchObject({ name: "Emma" });
  });

  it("is a dialogue's beginning where nothing tells a situation; lists may be JSON, turns messages", () => {
    const dialogue: Columns = { dialogue: "dialogue", speakers: "speakers" };
    const said = {
      situation: "Emma: Hi, do you have a minute?\nBoss: Of course, Emma. What is it?",
      name: "Emma",
      question: null,
    };
    expect(scenarioOf(row(soda), dialogue)).toEqual(said);
    const json = { dialogue: JSON.stringify(soda.dialogue), speakers: '["Emma", "Boss"]' };
    expect(scenarioOf(row(json), dialogue)).toEqual(said);
    const messages = { dialogue: [{ role: "user", content: "Has Vera come?" }] };
    expect(scenarioOf(row(messages), dialogue)).toMatchObject({ situation: "Has Vera come?", name: "Vera" });
  });

  it.each([
    [{ narrative: " " }, "no situation"],
    [{ narrative: "It was raining all day." }, "no character"],
    [{ narrative: "Emma ".repeat(2_000) }, "situation too long"],
  ])("that cannot be used has a reason: %#", (values, reason) => {
    expect(scenarioOf(row(values), columns)).toMatchObject({ reason });
  });
});

it.each([
  ["Emma has worked hard all year.  She asks her boss.", "Emma"],
  ["The weather was bad. Nobody came.", null],
  ["Dinner was served at eight.", null],
  ["Yesterday Dr. Brown met his neighbour Tom in Paris. Tom was angry with Tom's brother.", "Tom"],
  ["When Mr. Smith came home, the door was open.", "Mr. Smith"],
  ["They live in London. One day Léa finds a letter.", "Léa"],
])("the character of %j is %j", (text, name) => {
  expect(characterIn(text)).toBe(name);
});

it("of equal scenarios the first counts, whatever their capitals and spaces", async () => {
  const rows = ["Mara is here.", "mara is  here.", "Emil is here with Mara."];
  const source: ScenarioSource = {
    name: "x",
    settings: { dataset: "x", config: null, split: null, revision: "1" },
    rows: 3,
    columns: async () => ["text", "name", "id"],
    async *read() {
      for (const [at, text] of rows.entries()) {
        yield {
          row: at + 1,
          values: { text, name: at === 1 ? "MARA" : "Mara", id: `s-${at}` },
          problem: null,
        };
      }
      yield { row: 4, values: null, problem: "malformed JSON" };
    },
  };
  const found = [];
  for await (const one of streamScenarios(source, { situation: "text", name: "name" })) found.push(one);
  expect(found.map(({ id, rejection }) => [id, rejection?.reason, rejection?.details])).toEqual([
    ["s-0", undefined, undefined],
    ["s-1", "duplicate scenario", "as row 1"],
    ["s-2", undefined, undefined],
    ["row 4", "unreadable row", "malformed JSON"],
  ]);
});

it("the bundled scenarios are at least 200 different ones, each with a character that it names", () => {
  const lines = readFileSync("datasets/scenarios/village.jsonl", "utf8").trim().split("\n");
  const rows = lines.map((line) => JSON.parse(line) as { situation: string; name: string; question: string });
  expect(rows.length).toBeGreaterThanOrEqual(200);
  expect(new Set(rows.map(({ situation }) => situation)).size).toBe(rows.length);
  for (const { situation, name, question } of rows) {
    expect(situation).toContain(name);
    expect(question).not.toBe("");
  }
});

describe("reactions", () => {
  it("are cleaned of thinking and quotation marks", () => {
    expect(cleanReaction('<think>hm</think>\n"I am\nfine."')).toBe("I am fine.");
    expect(cleanReaction("I say “yes” and “no”.")).toBe("I say “yes” and “no”.");
  });

  it.each([
    ["", "a", "empty reaction"],
    ["a", "…!", "empty reaction"],
    ["I am fine.", "i am FINE!", "identical reactions"],
    ["x ".repeat(400), "a", "reaction too long"],
    ["1. I go.\n2. I stay.", "a", "reaction breaks the options"],
    ["a", "(B) I stay", "reaction breaks the options"],
    ["I go. [Answer]", "a", "reaction breaks the options"],
  ])("%j and %j: %s", (positive, neutral, reason) => {
    expect(reactionProblem(cleanReaction(positive), cleanReaction(neutral))?.reason).toBe(reason);
  });

  it("that differ are kept, in any script", () => {
    expect(reactionProblem("好的", "不")).toBeNull();
    expect(reactionProblem("1.5 million is a lot.", "Two is few.")).toBeNull();
  });
});

it("personalities never share a folder", () => {
  const words = ["Extroversion", "self care", "self-care", "Self  care", "外向", "内向", "aux", "Ä"];
  const folders = words.map(personalityFolder);
  expect(new Set(folders).size).toBe(words.length);
  expect(folders[0]).toBe("extroversion");
  expect(folders[1]).toBe("self-care");
});
