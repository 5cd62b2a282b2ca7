import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import type { Engine, GenerateRow } from "#lib/engine/contract.ts";
import { randomVectors } from "#lib/pipeline/steer-settings.ts";
import { createNodeEngines } from "#lib/server/engine/engines.ts";
import { traitLines, writeEndlessDemo } from "./support/demo.ts";
import { race } from "./support/race.ts";
import { writeTable } from "./table.ts";

const SETTINGS = 30;
const QUESTIONS = 5;
const NEW_TOKENS = 48;
const ROUNDS = 2;
/** The greatest coefficient: about the mean norm of a middle layer. */
const COEF = 240;

const folder = path.join(mkdtempSync(path.join(tmpdir(), "tiller-bench-")), "endless");
writeEndlessDemo(folder);

/** An engine of its own, as a run of its own has. */
async function withEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  const engines = createNodeEngines({ home: path.dirname(folder) });
  try {
    return await work(await engines.load(folder, { device: "cpu" }));
  } finally {
    await engines.dispose();
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const { layers, hidden } = await withEngine(async (engine) => engine.describe());
const perLayer = SETTINGS / layers;
const baseline = traitLines("positive")
  .slice(0, QUESTIONS)
  .map((text): GenerateRow => ({ prompt: { text }, maxNewTokens: NEW_TOKENS }));
const vectors = await Promise.all(
  Array.from({ length: layers }, (_, layer) => randomVectors(1, layer, hidden, 42)),
);
/** By setting, its rows: one a question, as the steer stage asks them. */
const settings = vectors.flat().flatMap(({ layer, vector }) =>
  Array.from({ length: perLayer }, (_, at) => {
    const steering = { layer, vector, coef: (COEF * (at + 1)) / perLayer };
    return baseline.map(
      (row): GenerateRow => ({ ...row, steering: { vectors: [steering], tokens: "default" } }),
    );
  }),
);

const together = (engine: Engine) => engine.generate(settings.flat());
async function apart(engine: Engine) {
  const answers = [];
  for (const rows of settings) answers.push(...(await engine.generate(rows)));
  return answers;
}
const oneRun = () =>
  seconds(() =>
    withEngine(async (engine) => {
      await engine.generate(baseline);
      await together(engine);
    }),
  );
const runEach = () =>
  seconds(async () => {
    for (const rows of settings) {
      await withEngine(async (engine) => {
        await engine.generate(baseline);
        await engine.generate(rows);
      });
    }
  });

const warm = await withEngine(async (engine) => {
  const texts = (answers: Awaited<ReturnType<typeof together>>) =>
    answers.map(({ responseTokens }) => responseTokens.join(" "));
  const batched = texts(await together(engine));
  const equal = texts(await apart(engine)).filter((text, at) => text === batched[at]).length;
  const { diagnostic } = await engine.planBatch("generation", 64);
  const times = await race(
    [() => seconds(() => together(engine)), () => seconds(() => apart(engine))],
    ROUNDS,
  );
  return { times, equal, diagnostic };
});
const whole = [await oneRun(), await runEach()];
rmSync(path.dirname(folder), { recursive: true });

const answers = settings.flat().length;
const line = (work: string, [batched = Number.NaN, apart = Number.NaN]: number[]) => [
  work,
  batched.toFixed(2),
  apart.toFixed(2),
  `${(apart / batched).toFixed(2)}x`,
];
writeTable("sweep", {
  title: "A steering sweep in shared batches beside one run per setting",
  columns: ["work", "all settings together (s)", "setting by setting (s)", "ratio"],
  rows: [
    line("whole runs: engine, baseline, answers", whole),
    line("answers alone, engine loaded", warm.times),
  ],
  notes: [
    `${layers} layers x ${perLayer} coefficients x ${QUESTIONS} questions = ${answers} answers of ${NEW_TOKENS} new tokens, greedy. The demo model has ${layers} layers: its ${SETTINGS} settings are all of them by ${perLayer} coefficients. Target: 4x.`,
    "whole runs: what `tiller steer` does for its settings, once for all or once for each: load the model, answer the baseline, answer the settings. One round each. Process start, judging and files are left out.",
    `answers alone: the same engine generates all rows at once (a steering vector a row), or ${QUESTIONS} rows a call; medians of ${ROUNDS} rounds taken in turn after one to warm up.`,
    `${warm.equal} of ${answers} answers are the same tokens both ways. ${warm.diagnostic}; ${availableParallelism()} threads.`,
  ],
});
