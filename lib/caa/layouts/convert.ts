import { AppError } from "#lib/core/errors.ts";
import { fill } from "#lib/judge/prompts/render.ts";
import type { PersonaTrait } from "#lib/traits/import/persona.ts";
import { knownPersonality } from "../personalities.ts";
import { promptSets } from "../prompts/catalogue.ts";
import type { PersonaRecord } from "../records.ts";
import { promptOf } from "./ab.ts";
import { type CaaFile, type PairLayoutName, pairLayouts } from "./file.ts";
import type { CaaItem, PairLayout } from "./item.ts";
import type { CaaLayout } from "./names.ts";

/** What a build knows beyond its dataset's lines. */
export interface BuildKnowledge {
  personality: string;
  personas: readonly PersonaRecord[];
}

/** @param notes what the other layout cannot hold, in a person's words */
export interface Converted {
  data: CaaFile;
  notes: string[];
}

/**
 * A file in another layout; the same layout gives it as it is. Throws `invalid-input` naming what is missing where the
 * other layout needs what the file does not have, or cannot hold an item.
 */
export function convertCaa(data: CaaFile, to: CaaLayout, build: BuildKnowledge | null = null): Converted {
  if (data.layout === to) return { data, notes: [] };
  if (data.layout === "persona-vectors-csv") {
    if (to === "persona-vectors") return { data, notes: [] };
    throw refused(data.layout, to, "it has scored answers, no contrast of two");
  }
  if (data.layout === "persona-vectors" || data.layout === "caa-open") {
    if (data.layout === "persona-vectors" && to === "caa-open") {
      const notes = [
        `the ${data.trait.instruction.length} instruction pairs and the judge prompt are not part of caa-open`,
      ];
      return {
        data: { layout: "caa-open", records: data.trait.questions.map((question) => ({ question })) },
        notes,
      };
    }
    throw refused(data.layout, to, "it has questions without answers");
  }
  if (to === "caa-open") {
    const notes = ["the answers are not part of caa-open", ...extraNotes(data, to)];
    return {
      data: { layout: to, records: data.items.map((item) => ({ question: promptOf(item) })) },
      notes,
    };
  }
  if (to === "persona-vectors") return personaOf(data.items, build);
  return pairsTo(data, to);
}

function pairsTo(data: Extract<CaaFile, { items: CaaItem[] }>, to: PairLayoutName): Converted {
  const layout = pairLayouts[to];
  let folded = 0;
  const items = data.items.map(({ raw: _, ...item }, at): CaaItem => {
    const back = readBack(layout.write(named(item, to, at)), layout);
    const order = !layout.holds.order || item.first === null || back?.first === item.first;
    if (!back || back.positive !== item.positive || back.neutral !== item.neutral || !order) {
      throw new AppError(
        "invalid-input",
        `item ${at + 1} cannot be written as ${to}: its text holds marks by which that layout is read (such as a line "1. …" or "(A)")`,
      );
    }
    if (back.situation !== item.situation || back.name !== item.name || back.question !== item.question)
      folded++;
    return item;
  });
  const notes = extraNotes(data, to);
  if (!layout.holds.order && items.some(({ first }) => first !== null)) {
    notes.push(`which option is the first is not part of ${to}`);
  }
  if (layout.holds.order && items.some(({ first }) => first === null)) {
    notes.push("the file has no order of options: the positive one is always the first");
  }
  if (folded > 0) notes.push(`in ${folded} items the question becomes a part of the situation`);
  return { data: { layout: to, items }, notes };
}

/** Null for what the layout cannot tell apart. */
function readBack(record: Record<string, unknown>, layout: PairLayout): CaaItem | null {
  try {
    return layout.read(record, "");
  } catch {
    return null;
  }
}

function named(item: CaaItem, to: PairLayoutName, at: number): CaaItem {
  if (to !== "psyctl-new" || item.name !== null) return item;
  throw new AppError(
    "invalid-input",
    `item ${at + 1} cannot be written as ${to}: it needs a character's name`,
  );
}

/** Members that only the file's own layout has. */
function extraNotes(data: Extract<CaaFile, { items: CaaItem[] }>, to: CaaLayout): string[] {
  const { members } = pairLayouts[data.layout];
  const extra = new Set(
    data.items.flatMap(({ raw = {} }) => Object.keys(raw).filter((key) => !members.includes(key))),
  );
  return extra.size === 0 ? [] : [`not part of ${to}: ${[...extra].join(", ")}`];
}

/** As many as persona_vectors uses. */
const PERSONA = { instructions: 5, questions: 20 };

function personaOf(items: readonly CaaItem[], build: BuildKnowledge | null): Converted {
  const textOf = (role: PersonaRecord["role"], name: string | null) =>
    build?.personas.find((persona) => persona.role === role && persona.name === name)?.text;
  const pairs = (build?.personas ?? []).flatMap(({ role, name, text: pos }) => {
    const neg = role === "positive" ? textOf("neutral", name) : undefined;
    return neg === undefined ? [] : [{ pos, neg }];
  });
  const distinct = [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()];
  if (!build || distinct.length === 0) {
    throw new AppError(
      "invalid-input",
      "persona-vectors needs the descriptions of both characters: convert a dataset that has its working file (….work.ndjson) beside it",
    );
  }
  const { personality } = build;
  const definition = knownPersonality(personality)?.definition ?? "";
  // `fill` leaves {question} and {answer}: they are the layout's own.
  const eval_prompt = fill(promptSets["persona-vectors-1"].prompts.eval, { personality, definition });
  const questions = [...new Set(items.map(promptOf))];
  const trait: PersonaTrait = {
    instruction: distinct.slice(0, PERSONA.instructions),
    questions: questions.slice(0, PERSONA.questions),
    eval_prompt,
  };
  const notes = [
    `${trait.instruction.length} of ${distinct.length} pairs of characters, ${trait.questions.length} of ${questions.length} situations`,
    "the reactions are not part of persona-vectors",
  ];
  return { data: { layout: "persona-vectors", trait }, notes };
}

function refused(from: string, to: string, why: string): AppError {
  return new AppError("invalid-input", `${from} cannot be written as ${to}: ${why}`);
}
