import { sha256 } from "#lib/core/hash.ts";
import type { ChatMessage, CompletionRequest } from "#lib/judge/contract.ts";
import { escapeFences, fill } from "#lib/judge/prompts/render.ts";
import { withoutThinking } from "#lib/judge/scoring.ts";
import { knownPersonality } from "./personalities.ts";
import { promptSets } from "./prompts/catalogue.ts";
import type { PersonaRecord, Scenario } from "./records.ts";

/** A text of a persona: to be asked for, or there already. */
export type PersonaText =
  | { ask: CompletionRequest; origin: "asked" }
  | { text: string; origin: Exclude<PersonaRecord["origin"], "asked"> };

/** How a model is brought to react as two characters. */
export interface PersonaPrompts {
  /** `p2-1@1a2b3c4d` */
  version: string;
  words(): Promise<PersonaText>;
  /** Of the character; `words` as `words` gave them. */
  description(role: "positive" | "neutral", name: string, words: string): Promise<PersonaText>;
  /** @param key the scenario's; with the side it is the answer's seed */
  reaction(
    side: "positive" | "neutral",
    scenario: Scenario,
    description: string,
    key: string,
  ): Promise<CompletionRequest>;
}

export const writerPrompts = ["p2-1", "village-1"] as const;
export type WriterPrompts = (typeof writerPrompts)[number];

/** An instruct model is to vary its words; the demo model leaves the character when it is sampled. */
export const usualTemperature: Record<WriterPrompts, number> = { "p2-1": 0.7, "village-1": 0 };

export interface PromptOptions {
  personality: string;
  temperature: number;
  seed: number;
}

const LENGTHS = { words: 80, description: 200, reaction: 120 };

/** P2 by the set that a model is written for: any instruct model, or one that can only react in sentences it was taught. */
export function personaPrompts(set: WriterPrompts, options: PromptOptions): PersonaPrompts {
  return set === "village-1" ? village(options) : p2(options);
}

function p2({ personality, temperature, seed }: PromptOptions): PersonaPrompts {
  const { version, prompts } = promptSets["p2-1"];
  const known = knownPersonality(personality);
  const values = {
    personality: escapeFences(personality),
    definition: known ? `What it is: ${known.definition}` : "There is no definition: go by the word.",
  };
  const asked = async (of: string[], maxTokens: number, messages: ChatMessage[]): Promise<PersonaText> => ({
    ask: { messages, maxTokens, temperature, seed: await seedOf(seed, [personality, ...of]) },
    origin: "asked",
  });
  const conversation = (content: string): ChatMessage[] => [
    { role: "system", content: prompts.system },
    { role: "user", content },
  ];
  return {
    version,
    words: () => asked(["words"], LENGTHS.words, conversation(fill(prompts.words, values))),
    description: (role, name, words) =>
      asked(
        [role, name],
        LENGTHS.description,
        conversation(
          fill(prompts[role], { ...values, name: escapeFences(name), words: escapeFences(words) }),
        ),
      ),
    async reaction(side, scenario, description, key) {
      const question = escapeFences(scenario.question ?? prompts.question);
      const situation = escapeFences(scenario.situation);
      const name = escapeFences(scenario.name);
      return {
        messages: [
          {
            role: "system",
            content: fill(prompts["reaction-system"], { name, description: escapeFences(description) }),
          },
          { role: "user", content: fill(prompts.reaction, { situation, question }) },
        ],
        maxTokens: LENGTHS.reaction,
        temperature,
        seed: await seedOf(seed, [personality, side, key]),
      };
    },
  };
}

/** Words and descriptions are data: such a model can name none. */
function village({ personality, temperature, seed }: PromptOptions): PersonaPrompts {
  const { version, prompts } = promptSets["village-1"];
  const known = knownPersonality(personality)?.village;
  const composed = fill(prompts.composed, { personality: escapeFences(personality.toLowerCase()) });
  const origin = known ? "file" : "composed";
  return {
    version,
    words: async () => ({ text: known?.words.join(", ") ?? personality.toLowerCase(), origin }),
    description: async (role) =>
      role === "neutral"
        ? { text: prompts.neutral, origin: "file" }
        : { text: known?.description ?? composed, origin },
    async reaction(side, { situation, question }, description, key) {
      const asked = {
        situation: escapeFences(situation),
        question: escapeFences(question ?? prompts.question),
      };
      return {
        messages: [
          {
            role: "system",
            content: fill(prompts["reaction-system"], { description: escapeFences(description) }),
          },
          { role: "user", content: fill(prompts.reaction, asked) },
        ],
        maxTokens: LENGTHS.reaction,
        temperature,
        seed: await seedOf(seed, [personality, side, key]),
      };
    },
  };
}

/** 31 bits: some servers take no more. */
async function seedOf(seed: number, of: readonly string[]): Promise<number> {
  return Number.parseInt((await sha256(JSON.stringify([seed, ...of]))).slice(0, 8), 16) >>> 1;
}

const MOST_WORDS = 10;

/** The words of a reply, each once; "" where there are none. */
export function wordsIn(reply: string): string {
  const parts = withoutThinking(reply)
    .split(/[,;\n]/)
    .map((part) => part.replace(/^[\s\d.)(*•-]+|[\s.*]+$/g, "").replace(/\s+/g, " "))
    .filter((part) => /\p{L}/u.test(part) && part.length <= 60);
  const lower = parts.map((part) => part.toLowerCase());
  const distinct = parts.filter((part, at) => lower.indexOf(part.toLowerCase()) === at);
  return distinct.slice(0, MOST_WORDS).join(", ");
}

/** A description as one paragraph. */
export function descriptionIn(reply: string): string {
  return withoutThinking(reply).toWellFormed().replace(/\s+/g, " ").trim().slice(0, 2_000);
}
