import { type Polarity, polarities } from "#lib/core/names.ts";
import { type Finding, type LintFacts, lintFacts, lintPair, lintTrait } from "#lib/traits/lint/lint.ts";
import { readScenarios, type ScenarioLayout } from "#lib/traits/scenario.ts";
import { pairingFindings } from "./pairing.ts";

export interface LintText {
  /** The trait's own name, without its category. */
  name: string;
  texts: Record<Polarity, string>;
  layout: Record<Polarity, ScenarioLayout>;
  definition: string | null;
}

/** The lines of a pair that is being typed in. */
export interface LintLines {
  line: number;
  texts: Record<Polarity, string>;
}

export type LintTask = { id: number } & ({ trait: LintText } | { pair: LintLines });
export interface LintAnswer {
  id: number;
  /** Of each lint at most `MOST`: more would take the page longer than a keystroke may. */
  findings: Finding[];
  /** All that were found, by lint. */
  counts: Record<string, number>;
}

const MOST = 250;

// Entry of a Web Worker, started by URL (linter.ts): no other module imports its code.

/** Of the last whole trait: single lines are looked at in its light. */
let facts: LintFacts | null = null;

self.addEventListener("message", ({ data }: MessageEvent<LintTask>) => {
  const findings = "trait" in data ? lintWhole(data.trait) : lintLines(data.pair);
  self.postMessage({ id: data.id, ...firstOfEach(findings) } satisfies LintAnswer);
});

function firstOfEach(findings: readonly Finding[]): Pick<LintAnswer, "findings" | "counts"> {
  const counts: Record<string, number> = {};
  const kept = findings.filter(({ lint }) => {
    counts[lint] = (counts[lint] ?? 0) + 1;
    return counts[lint] <= MOST;
  });
  return { findings: kept, counts };
}

function lintWhole({ name, texts, layout, definition }: LintText): Finding[] {
  const read = (side: Polarity) => readScenarios(texts[side], layout[side], `${side}.txt`);
  const sides = { positive: read("positive"), negative: read("negative") };
  const input = {
    name,
    definition,
    positive: sides.positive.scenarios,
    negative: sides.negative.scenarios,
  };
  facts = lintFacts(input);
  const unreadable = polarities.flatMap((polarity) =>
    sides[polarity].problems.flatMap(({ line, message }): Finding[] =>
      // What is said of the whole file, an empty one, is a lint of its own.
      line === null
        ? []
        : [
            {
              lint: "unreadable",
              severity: "warning",
              polarity,
              index: null,
              line,
              message,
              remedy: "A run refuses the file until this line is mended.",
            },
          ],
    ),
  );
  const lines = { positive: texts.positive.split("\n"), negative: texts.negative.split("\n") };
  return [...unreadable, ...pairingFindings(lines), ...lintTrait(input)];
}

function lintLines({ line, texts }: LintLines): Finding[] {
  if (!facts) return [];
  const scenario = (side: Polarity) =>
    texts[side].trim() === "" ? undefined : { line, prompt: texts[side] };
  return lintPair({ index: line - 1, positive: scenario("positive"), negative: scenario("negative") }, facts);
}
