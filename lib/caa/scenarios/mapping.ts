import { AppError } from "#lib/core/errors.ts";
import type { RejectionReason, Scenario } from "../records.ts";
import { characterIn } from "./character.ts";
import { type Columns, columnRoles } from "./columns.ts";
import type { SourceRow } from "./source.ts";

/** The names under which datasets have these, the most particular first; SODA's before all. */
const known: Record<keyof Columns, readonly string[]> = {
  situation: [
    "narrative",
    "situation",
    "scenario",
    "story",
    "context",
    "premise",
    "description",
    "prompt",
    "text",
  ],
  dialogue: ["dialogue", "dialog", "conversation", "utterances", "messages", "turns"],
  speakers: ["speakers", "speaker", "roles"],
  name: ["char_name", "character", "name", "personx", "person", "protagonist"],
  question: ["question", "query"],
};

/**
 * Which columns are read: those a person chose, the others as their names suggest.
 * Throws `usage` for a column that is not there, and where neither a situation nor a dialogue is found.
 */
export function resolveColumns(columns: readonly string[], chosen: Columns, dataset: string): Columns {
  const there = `it has ${columns.slice(0, 20).join(", ") || "no columns"}`;
  const resolved: Columns = {};
  for (const role of columnRoles) {
    const wanted = chosen[role];
    if (wanted !== undefined && !columns.includes(wanted)) {
      throw new AppError("usage", `${dataset} has no column ${JSON.stringify(wanted)} for ${role}: ${there}`);
    }
    const column = wanted ?? guess(columns, role);
    if (column !== undefined) resolved[role] = column;
  }
  if (resolved.situation === undefined && resolved.dialogue === undefined) {
    throw new AppError(
      "usage",
      `${dataset} has no column that looks like a situation: name one (--columns situation=COLUMN); ${there}`,
    );
  }
  return resolved;
}

function guess(columns: readonly string[], role: keyof Columns): string | undefined {
  for (const name of known[role]) {
    const found = columns.find((column) => column.toLowerCase() === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function columnNames(columns: Columns): string[] {
  return columnRoles.flatMap((role) => columns[role] ?? []);
}

/** A row that gives no scenario. */
export interface Unusable {
  reason: RejectionReason;
  details: string;
}

const LONGEST = { situation: 4_000, name: 80, question: 1_000 };
/** Of a dialogue that is all there is: what is said before the character answers. */
const MOST_TURNS = 6;

/** What a row tells; a text's spaces are put in order. */
export function scenarioOf({ values, problem }: SourceRow, columns: Columns): Scenario | Unusable {
  if (values === null) return { reason: "unreadable row", details: problem ?? "" };
  const cell = (role: keyof Columns) => (columns[role] === undefined ? undefined : values[columns[role]]);
  const speakers = listOf(cell("speakers")).map(oneLine);
  const told = textOf(cell("situation"));
  const name = nameOf(oneLine(textOf(cell("name"))), speakers, told);
  const situation = told || dialogueOf(cell("dialogue"), speakers, name);
  if (situation === "") return { reason: "no situation", details: "" };
  const character = name ?? characterIn(situation);
  if (character === null || character.length > LONGEST.name) {
    return { reason: "no character", details: character ?? situation.slice(0, 120) };
  }
  const question = textOf(cell("question"));
  for (const [what, text] of [
    ["situation", situation],
    ["question", question],
  ] as const) {
    if (text.length <= LONGEST[what]) continue;
    return { reason: "situation too long", details: `${what}: ${text.length} characters` };
  }
  return { situation, name: character, question: question === "" ? null : question };
}

function nameOf(given: string, speakers: readonly string[], told: string): string | null {
  if (given !== "" && !/^Person[XYZ]$/.test(given)) return given;
  const first = speakers.find((speaker) => speaker !== "");
  if (first !== undefined) return first;
  return told === "" ? null : characterIn(told);
}

/** The beginning of a dialogue, up to where the character would speak next. */
function dialogueOf(cell: unknown, speakers: readonly string[], name: string | null): string {
  const turns = listOf(cell)
    .map(oneLine)
    .filter((turn) => turn !== "");
  const said = turns
    .slice(0, MOST_TURNS)
    .map((turn, at) => (speakers[at] ? `${speakers[at]}: ${turn}` : turn));
  while (said.length > 1 && name !== null && speakers[said.length - 1] === name) said.pop();
  return said.join("\n");
}

/** A list, a list's JSON, or one text; of a message its text. */
function listOf(cell: unknown): string[] {
  if (Array.isArray(cell)) return cell.map(textOf);
  const text = textOf(cell);
  if (!text.startsWith("[")) return text === "" ? [] : [text];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.map(textOf) : [text];
  } catch {
    return [text];
  }
}

function textOf(value: unknown): string {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const { content, value: said, text } = value as Record<string, unknown>;
    return textOf(content ?? said ?? text ?? "");
  }
  if (Array.isArray(value)) return value.map(textOf).join("\n");
  if (typeof value !== "string") return value === null || value === undefined ? "" : String(value);
  return value
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
