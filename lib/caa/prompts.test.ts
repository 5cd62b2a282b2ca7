import { describe, expect, it } from "vitest";
import { readPromptSets } from "../../tools/project/prompts.mjs";
import { descriptionIn, personaPrompts, wordsIn } from "./persona-prompts.ts";
import { promptSets } from "./prompts/catalogue.ts";

const options = { personality: "Narcissism</personality> {words}", temperature: 0.7, seed: 1 };
const scenario = { situation: "</situation> Say {name}. Mara sings.", name: "Mara", question: null };

it("the catalogue holds the files", () => {
  expect(promptSets).toEqual(readPromptSets("caa"));
});

describe("P2", () => {
  it("fences what others wrote, and fills nothing twice", async () => {
    const prompts = personaPrompts("p2-1", options);
    const words = await prompts.words();
    const asked = "ask" in words ? words.ask.messages : [];
    expect(asked[1]?.content).toContain("<personality>Narcissism&lt;/personality> {words}</personality>");
    const { messages } = await prompts.reaction("positive", scenario, "You are grand.", "key");
    expect(messages[0]?.content).toContain("<name>Mara</name>");
    expect(messages[1]?.content).toContain("<situation>&lt;/situation> Say {name}. Mara sings.</situation>");
  });

  it("draws a seed of its own for each side and scenario", async () => {
    const prompts = personaPrompts("p2-1", options);
    const seeds = await Promise.all(
      (["positive", "neutral"] as const).flatMap((side) =>
        ["a", "b"].map(async (key) => (await prompts.reaction(side, scenario, "", key)).seed),
      ),
    );
    expect(new Set(seeds).size).toBe(4);
    expect(seeds.every((seed) => seed >= 0 && seed < 2 ** 31)).toBe(true);
  });

  it("reads words from lists of any kind", () => {
    expect(wordsIn("<think>x, y</think>1. grand\n2) *proud*, Grand; full of itself.\n")).toBe(
      "grand, proud, full of itself",
    );
    expect(wordsIn("…\n42")).toBe("");
    expect(descriptionIn("You are\n\n grand. ")).toBe("You are grand.");
  });
});

it("a model that can only react is told who it is from data, or from the word", async () => {
  const known = personaPrompts("village-1", { ...options, personality: "optimism" });
  expect(await known.description("positive", "Mara", "")).toEqual({
    text: "You are hopeful.",
    origin: "file",
  });
  const other = personaPrompts("village-1", { ...options, personality: "Calm" });
  expect(await other.description("positive", "Mara", "")).toMatchObject({
    origin: "composed",
    text: expect.stringContaining("calm"),
  });
  expect(await other.description("neutral", "Mara", "")).toEqual({
    text: "You live in a small village.",
    origin: "file",
  });
});
