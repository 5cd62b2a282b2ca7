import { readFileSync } from "node:fs";
import { polarities } from "#lib/core/names.ts";
import { createRng } from "#lib/core/rng.ts";
import { lintFacts, lintPair, lintTrait, type ScenarioText } from "#lib/traits/lint/lint.ts";
import { writeTable } from "./table.ts";

// A large trait of the bundled ones' language: each line's sentences are drawn from different bundled lines of its side.
const PAIRS = 5000;
const ROUNDS = 5;
const source = Object.fromEntries(
  polarities.map((polarity) => [
    polarity,
    ["optimism", "confidence", "formality", "refusal"].flatMap((trait) =>
      readFileSync(`datasets/traits/demo/${trait}/${polarity}.txt`, "utf8").trim().split("\n"),
    ),
  ]),
) as Record<(typeof polarities)[number], string[]>;

const rng = createRng(1);
const some = (count: number) => Math.floor(rng() * count);
const input = {
  name: "optimism",
  definition: readFileSync("datasets/traits/demo/optimism/definition.txt", "utf8"),
  positive: [] as ScenarioText[],
  negative: [] as ScenarioText[],
};
for (let line = 1; line <= PAIRS; line++) {
  const [first, second] = [some(source.positive.length), some(source.positive.length)];
  for (const polarity of polarities) {
    const setting = source[polarity][first]?.split(/(?<=[.?!]) /)[0] ?? "";
    input[polarity].push({ line, prompt: `${setting} ${source[polarity][second] ?? ""}` });
  }
}

/** Wall clock and processor time in ms, medians of ROUNDS. */
function timed(work: (round: number) => unknown): [string, string] {
  work(0);
  const walls: number[] = [];
  const processor: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const before = process.cpuUsage();
    const start = performance.now();
    work(round);
    walls.push(performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    processor.push((user + system) / 1000);
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
  const digits = median(walls) < 10 ? 2 : 0;
  return [median(walls).toFixed(digits), median(processor).toFixed(digits)];
}

const facts = lintFacts(input);
const words = input.positive
  .concat(input.negative)
  .reduce((sum, { prompt }) => sum + prompt.split(" ").length, 0);
let findings = 0;
const rows = [
  [
    `a trait of ${2 * PAIRS} lines, every lint`,
    ...timed(() => {
      findings = lintTrait(input).length;
    }),
  ],
  [
    "one pair, the lints of lines and pairs",
    ...timed((round) => {
      const [positive, negative] = [input.positive[round], input.negative[round]];
      if (positive && negative) lintPair({ index: round, positive, negative }, facts);
    }),
  ],
];

writeTable("lint", {
  title: "Lint",
  columns: ["work", "wall clock (ms)", "processor time (ms)"],
  rows,
  notes: [
    `Lines of ${(words / (2 * PAIRS)).toFixed(0)} words on average, made of the bundled traits' sentences; ${findings} findings; medians of ${ROUNDS}, after one round to warm up. Target: at most 1 s for the whole.`,
    "Where the load average exceeds the cores, the wall clock measures the machine's other work.",
  ],
});
