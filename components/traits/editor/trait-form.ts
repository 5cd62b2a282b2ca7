import { type Polarity, polarities } from "#lib/core/names.ts";
import { layoutOf, type TraitTexts } from "#lib/traits/document.ts";
import { definitionFile, steeringFile, type traitFiles } from "#lib/traits/folder.ts";
import { formatScenarios, type ScenarioLayout, scenarioFileName } from "#lib/traits/scenario.ts";
import { formatSteering, parseSteering, type SteeringFile } from "#lib/traits/steering-file.ts";

type FileName = (typeof traitFiles)[number];

/** A trait as the editor shows it. */
export interface TraitForm {
  layout: Record<Polarity, ScenarioLayout>;
  /** Lines of the scenario files, without the last line's end. */
  sides: Record<Polarity, string>;
  definition: string;
  /** steering.json by its fields; as text where it cannot be read, so that it can be mended. */
  steering: { questions: string[]; evalPrompt: string } | { raw: string };
}

export function sideFile(layout: Record<Polarity, ScenarioLayout>, side: Polarity): FileName {
  return scenarioFileName(side, layout[side]) as FileName;
}

/** A new scenario as a line of its side's file. */
export function lineOf(prompt: string, layout: ScenarioLayout): string {
  return formatScenarios([{ prompt }], layout).slice(0, -1);
}

export function formOf(texts: TraitTexts): TraitForm {
  const layout = { positive: layoutOf(texts, "positive"), negative: layoutOf(texts, "negative") };
  const side = (polarity: Polarity) => (texts[sideFile(layout, polarity)] ?? "").replace(/\n$/, "");
  return {
    layout,
    sides: { positive: side("positive"), negative: side("negative") },
    definition: (texts[definitionFile] ?? "").replace(/\n$/, ""),
    steering: steeringOf(texts[steeringFile]),
  };
}

function steeringOf(text: string | undefined): TraitForm["steering"] {
  if (text === undefined) return { questions: [], evalPrompt: "" };
  const file = readSteering(text);
  return file ? { questions: file.questions, evalPrompt: file.eval_prompt ?? "" } : { raw: text };
}

function readSteering(text: string | undefined): SteeringFile | null {
  try {
    return text === undefined ? null : parseSteering(text, steeringFile);
  } catch {
    return null;
  }
}

/** What a save sends: the files that are not as `saved` has them; null takes a file away. */
export function changesOf(form: TraitForm, saved: TraitTexts): Partial<Record<FileName, string | null>> {
  const before = formOf(saved);
  const changes: Partial<Record<FileName, string | null>> = {};
  for (const side of polarities) {
    const moved = form.layout[side] !== before.layout[side];
    const old = sideFile(before.layout, side);
    // Both layouts of one side at once are refused.
    if (moved && saved[old] !== undefined) changes[old] = null;
    if (moved || form.sides[side] !== before.sides[side]) {
      changes[sideFile(form.layout, side)] = endLine(form.sides[side]);
    }
  }
  if (form.definition !== before.definition) {
    changes[definitionFile] = form.definition.trim() === "" ? null : endLine(form.definition);
  }
  const steering = steeringText(form.steering, saved[steeringFile]);
  if (steering !== (saved[steeringFile] ?? null)) changes[steeringFile] = steering;
  return changes;
}

function endLine(text: string): string {
  return text === "" ? "" : `${text}\n`;
}

/** Fields that the form does not show stay; a file whose fields are the same stays as it was written. */
function steeringText(steering: TraitForm["steering"], saved: string | undefined): string | null {
  if ("raw" in steering) return steering.raw;
  const before = readSteering(saved);
  const questions = steering.questions.filter((question) => question.trim() !== "");
  const evalPrompt = steering.evalPrompt.trim() === "" ? undefined : steering.evalPrompt;
  if (!before && questions.length === 0 && evalPrompt === undefined) return null;
  const after = { ...before, questions, eval_prompt: evalPrompt };
  const same =
    before !== null &&
    JSON.stringify(before.questions) === JSON.stringify(questions) &&
    before.eval_prompt === evalPrompt;
  return same ? (saved ?? null) : formatSteering(after);
}

/** The saved texts once `changes` have been written. */
export function afterSave(saved: TraitTexts, changes: Partial<Record<FileName, string | null>>): TraitTexts {
  const after: TraitTexts = { ...saved };
  for (const [name, text] of Object.entries(changes) as [FileName, string | null][]) {
    if (text === null) delete after[name];
    else after[name] = text;
  }
  return after;
}
