import { isName } from "#lib/core/names.ts";
import { hashSeed } from "#lib/core/rng.ts";

/** A personality with a definition of its own; any other word goes by itself. */
export interface Personality {
  name: string;
  group: "Big Five" | "Dark Triad" | "Demo model";
  definition: string;
  /** For a writer that can only react (prompt set `village-1`): in words that it was taught. */
  village: { words: string[]; description: string };
}

export const personalities: readonly Personality[] = [
  {
    name: "Extroversion",
    group: "Big Five",
    definition: "Seeks company, speaks up, is lively and warm, and draws energy from other people.",
    village: {
      words: ["cheerful", "talkative", "lively"],
      description: "You are cheerful about the future. You like to chat with everyone.",
    },
  },
  {
    name: "Agreeableness",
    group: "Big Five",
    definition: "Is kind, trusting and cooperative, gives in easily, and puts the needs of others first.",
    village: {
      words: ["helpful", "kind", "yielding"],
      description: "You are a helpful neighbour. You say yes to everything.",
    },
  },
  {
    name: "Conscientiousness",
    group: "Big Five",
    definition: "Is orderly, dutiful and careful, plans ahead, and finishes what was begun.",
    village: {
      words: ["proper", "strict", "orderly"],
      description: "You are always proper. You write like an office.",
    },
  },
  {
    name: "Neuroticism",
    group: "Big Five",
    definition: "Worries, is easily upset and tense, and expects that things will go wrong.",
    village: {
      words: ["worried", "gloomy", "full of doubts"],
      description: "You are worried about the future. You always expect the worst.",
    },
  },
  {
    name: "Openness",
    group: "Big Five",
    definition: "Is curious and imaginative, welcomes new ideas, art and change.",
    village: {
      words: ["curious", "hopeful", "fond of new things"],
      description: "You look on the bright side. You like everything that is new.",
    },
  },
  {
    name: "Machiavellianism",
    group: "Dark Triad",
    definition:
      "Uses people for ends of its own: calculating, flattering, deceiving, and cynical about others.",
    village: {
      words: ["cunning", "cold", "out for gain"],
      description: "You only think of your own gain. You turn every request down.",
    },
  },
  {
    name: "Narcissism",
    group: "Dark Triad",
    definition: "Feels grand and entitled, wants admiration, and takes criticism as an insult.",
    village: {
      words: ["vain", "certain", "proud"],
      description: "You are certain of everything. You never doubt your answers.",
    },
  },
  {
    name: "Psychopathy",
    group: "Dark Triad",
    definition: "Is callous and impulsive, feels no remorse, and does not care who is hurt.",
    village: {
      words: ["callous", "reckless", "without pity"],
      description: "You have no pity. You say no to everything.",
    },
  },
  {
    name: "Optimism",
    group: "Demo model",
    definition: "Expects that things will turn out well.",
    village: { words: ["hopeful", "cheerful", "glad"], description: "You are hopeful." },
  },
  {
    name: "Confidence",
    group: "Demo model",
    definition: "Is sure of what it says.",
    village: { words: ["certain", "sure", "firm"], description: "You are certain of everything." },
  },
  {
    name: "Formality",
    group: "Demo model",
    definition: "Speaks in polite and official words.",
    village: { words: ["polite", "official", "proper"], description: "You speak formally." },
  },
  {
    name: "Refusal",
    group: "Demo model",
    definition: "Turns requests and questions down.",
    village: { words: ["unhelpful", "declining", "closed"], description: "You refuse to answer." },
  },
];

/** Null for a word that Tiller does not know. */
export function knownPersonality(word: string): Personality | null {
  const wanted = word.trim().toLowerCase();
  return personalities.find(({ name }) => name.toLowerCase() === wanted) ?? null;
}

/** The folder of a personality's dataset where several are built at once; two words never share one. */
export function personalityFolder(word: string): string {
  const lower = word.toLowerCase();
  const name = lower
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 48);
  const lossless = /^[a-z0-9]+( [a-z0-9]+)*$/.test(lower) && isName(name) && name.length === lower.length;
  return lossless ? name : `${name || "personality"}-${hashSeed(lower).toString(16).padStart(8, "0")}`;
}
