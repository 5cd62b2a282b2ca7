import { diffLines } from "#lib/traits/diff.ts";
import { type MergeRegion, mergeLines, mergePairs, type Row } from "#lib/traits/merge.ts";
import type { TraitForm } from "./trait-form.ts";

/** One part of a trait in a three-way merge; a line of `pairs` holds both sides. */
export interface MergePart {
  part: "pairs" | "definition" | "questions" | "judge prompt";
  regions: MergeRegion<readonly string[]>[];
}

/** How a place that both changed is settled. */
export type Choice = "mine" | "theirs" | "both";

/**
 * Merges two edits of `base`; where the history no longer has it, what both have alike stands in for it.
 * @returns null where the edits are not of the same kind (scenario lines and records), so that only one can be kept
 */
export function mergeForms(base: TraitForm | null, mine: TraitForm, theirs: TraitForm): MergePart[] | null {
  const layouts = [base ?? mine, mine, theirs].map(({ layout }) => JSON.stringify(layout));
  const steerings = [base ?? mine, mine, theirs].map(({ steering }) => steering);
  if (new Set(layouts).size > 1 || steerings.some((steering) => "raw" in steering)) return null;
  const part = (name: MergePart["part"], linesOf: (form: TraitForm) => string[]): MergePart => {
    const [my, their] = [linesOf(mine), linesOf(theirs)];
    const old = base ? linesOf(base) : common(my, their);
    const regions = mergeLines(old, my, their).map(
      (region): MergeRegion<readonly string[]> =>
        region.kind === "agreed"
          ? { kind: "agreed", lines: region.lines.map((line) => [line]) }
          : {
              kind: "conflict",
              base: region.base.map((line) => [line]),
              mine: region.mine.map((line) => [line]),
              theirs: region.theirs.map((line) => [line]),
            },
    );
    return { part: name, regions };
  };
  const [my, their] = [rowsOf(mine), rowsOf(theirs)];
  return [
    { part: "pairs", regions: mergePairs(base ? rowsOf(base) : commonRows(my, their), my, their) },
    part("definition", ({ definition }) => split(definition)),
    part("questions", ({ steering }) => ("raw" in steering ? [] : steering.questions)),
    part("judge prompt", ({ steering }) => ("raw" in steering ? [] : split(steering.evalPrompt))),
  ];
}

/** The merged form; `choices` by part and region. Null while a conflict is open. */
export function settle(
  parts: readonly MergePart[],
  choices: ReadonlyMap<string, Choice>,
  form: TraitForm,
): TraitForm | null {
  const [pairs, definition, questions, prompt] = parts.map(({ part, regions }) => {
    const lines: (readonly string[])[] = [];
    for (const [at, region] of regions.entries()) {
      if (region.kind === "agreed") lines.push(...region.lines);
      else {
        const choice = choices.get(choiceKey(part, at));
        if (!choice) return null;
        if (choice !== "theirs") lines.push(...region.mine);
        if (choice !== "mine") lines.push(...region.theirs);
      }
    }
    return lines;
  });
  if (!pairs || !definition || !questions || !prompt) return null;
  const column = (lines: readonly (readonly string[])[], at: number) => lines.map((line) => line[at] ?? "");
  const side = (at: number) => column(pairs, at).join("\n").replace(/\n+$/, "");
  return {
    layout: form.layout,
    sides: { positive: side(0), negative: side(1) },
    definition: column(definition, 0).join("\n"),
    steering: { questions: column(questions, 0), evalPrompt: column(prompt, 0).join("\n") },
  };
}

export function choiceKey(part: MergePart["part"], region: number): string {
  return `${part}:${region}`;
}

function split(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}

function rowsOf({ sides }: TraitForm): Row[] {
  const [positive, negative] = [split(sides.positive), split(sides.negative)];
  return Array.from({ length: Math.max(positive.length, negative.length) }, (_, at) => [
    positive[at] ?? "",
    negative[at] ?? "",
  ]);
}

function common(a: readonly string[], b: readonly string[]): string[] {
  const hunks = diffLines(a, b);
  return a.filter((_, at) => !hunks.some(({ before: [start, end] }) => at >= start && at < end));
}

function commonRows(a: readonly Row[], b: readonly Row[]): Row[] {
  const encode = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row));
  return common(encode(a), encode(b)).map((row) => JSON.parse(row) as Row);
}
