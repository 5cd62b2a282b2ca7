import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { parsePosition } from "#lib/core/position.ts";
import type { CaptureRow, Engine } from "#lib/engine/contract.ts";
import { createNodeEngines } from "#lib/server/engine/engines.ts";
import { startPeer } from "./peers/python-peer.ts";
import { longTexts, traitLines, writeEndlessDemo } from "./support/demo.ts";
import { race } from "./support/race.ts";
import { writeTable } from "./table.ts";

const SIZES = [1, 8, 32];
const NEW_TOKENS = 32;
const ROUNDS = 5;
const JUDGED = 64;
const ANSWER_TOKENS = 16;

/** `count` prompts of 64 to 96 tokens made of the bundled scenarios. */
async function prompts(engine: Engine, count: number): Promise<number[][]> {
  const tokens = await engine.encode(longTexts(count).map((text) => ({ text })));
  return tokens.map((row, at) => row.slice(0, 64 + ((at * 7) % 33)));
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const folder = path.join(mkdtempSync(path.join(tmpdir(), "tiller-bench-")), "endless");
writeEndlessDemo(folder);
const engines = createNodeEngines({ home: path.dirname(folder) });
const peer = startPeer("torch_engine.py", [folder, `${availableParallelism()}`]);
const positions = [parsePosition("response[:]")];
const rows: (string | number)[][] = [];
const notes: string[] = [];

const raceAll = (own: () => Promise<unknown>, theirs: (() => Promise<{ seconds: number }>)[]) =>
  race([() => seconds(own), ...theirs.map((ask) => async () => (await ask()).seconds)], ROUNDS);

function report(work: string, size: number, count: number, unit: string, times: number[]): void {
  const rate = (time = Number.NaN) => (count / time).toFixed(count / time < 100 ? 1 : 0);
  const [own = Number.NaN, ...others] = times;
  const cells = [0, 1].flatMap((at) => {
    const other = others[at];
    return other === undefined ? ["–", "–"] : [rate(other), `${(other / own).toFixed(2)}x`];
  });
  rows.push([work, size, unit, rate(own), ...cells]);
}

for (const size of SIZES) {
  const engine = await engines.load(folder, { device: "cpu", batchSize: size });
  const { layers, hidden } = engine.describe();
  const tokens = await prompts(engine, size);
  const request = tokens.map((prompt) => ({ prompt: { tokens: prompt }, maxNewTokens: NEW_TOKENS }));
  const generated = await engine.generate(request);
  const generate = { kind: "generate", rows: tokens, new_tokens: NEW_TOKENS };
  report(
    "generate",
    size,
    size * NEW_TOKENS,
    "tokens/s",
    await raceAll(() => engine.generate(request), peer ? [() => peer.ask(generate)] : []),
  );

  const items: CaptureRow[] = generated.map(({ promptTokens, responseTokens }) => ({
    promptTokens,
    responseTokens,
  }));
  const wanted = {
    rows: items,
    positions,
    component: "residual" as const,
    layers: Array.from({ length: layers }, (_, layer) => layer),
  };
  const capture = {
    kind: "capture",
    rows: items.map((item) => [...item.promptTokens, ...item.responseTokens]),
    response: NEW_TOKENS,
    batch: size,
  };
  const asks = peer
    ? [true, false].map((head) => () => peer.ask<{ seconds: number; values: number[] }>({ ...capture, head }))
    : [];
  report("capture", size, size, "rows/s", await raceAll(() => engine.capture(wanted), asks));

  const theirs = await peer?.ask<{ tokens: number[][] }>(generate);
  const states = (await asks[0]?.())?.values;
  if (theirs && states) {
    const equal = generated.filter(
      ({ responseTokens }, at) => `${responseTokens}` === `${theirs.tokens[at]}`,
    );
    const [own] = await engine.capture(wanted);
    const error = Math.max(...states.map((value, at) => Math.abs(value - (own?.values[at] ?? Number.NaN))));
    notes.push(
      `B=${size}: ${equal.length} of ${size} answers are the same tokens on both sides; captured states [${layers}, ${hidden}] differ by at most ${error.toExponential(1)}.`,
    );
  }
}

const whole = await engines.load(folder, { device: "cpu" });
const { layers } = whole.describe();
const scenarios = (["positive", "negative"] as const).flatMap((side) => traitLines(side));
const asked = await whole.encode(scenarios.map((text) => ({ text })));
const answered = await whole.generate(
  asked.map((tokens) => ({ prompt: { tokens }, maxNewTokens: ANSWER_TOKENS })),
);
const dataset = {
  rows: answered.map(({ promptTokens, responseTokens }) => ({ promptTokens, responseTokens })),
  positions,
  component: "residual" as const,
  layers: Array.from({ length: layers }, (_, layer) => layer),
};
const datasetRows = dataset.rows.map((row) => [...row.promptTokens, ...row.responseTokens]);
const same = { kind: "capture", rows: datasetRows, response: ANSWER_TOKENS, batch: 32 };
report(
  "capture: a trait's responses",
  datasetRows.length,
  datasetRows.length,
  "rows/s",
  await raceAll(
    () => whole.capture(dataset),
    peer ? [true, false].map((head) => () => peer.ask<{ seconds: number }>({ ...same, head })) : [],
  ),
);

const judge = await engines.load(folder, { device: "cpu" });
const judged = (await prompts(judge, JUDGED)).map((prompt) => ({
  prompt: { tokens: prompt },
  maxNewTokens: 1,
  topLogprobs: 20,
}));
report(
  "judge: 1 token, 20 alternatives",
  JUDGED,
  JUDGED,
  "rows/s",
  await raceAll(() => judge.generate(judged), []),
);

await peer?.close();
await engines.dispose();
rmSync(path.dirname(folder), { recursive: true });

writeTable("engine", {
  title: "Generation and capture beside PyTorch transformers",
  columns: ["work", "rows", "unit", "Tiller", "PyTorch", "ratio", "PyTorch without lm_head", "ratio"],
  rows,
  notes: [
    `The demo model, fp32, on the CPU, ${availableParallelism()} threads on both sides; medians of ${ROUNDS} rounds taken in turn after one to warm up. A ratio above 1x means Tiller is faster.`,
    `generate: prompts of 64 to 96 tokens, ${NEW_TOKENS} new tokens a row, greedy, prefill included; PyTorch: transformers' generate() with its cache, padded on the left.`,
    "capture: the same prompts with their answers, the mean over the answer after every block; PyTorch: one forward pass with hooks, pooled there, no cache, padded on the right.",
    `capture: a trait's responses: the bundled optimism scenarios with ${ANSWER_TOKENS} tokens of answer, of many lengths; Tiller plans and sorts its batches, PyTorch takes 32 at a time in the file's order.`,
    "Tiller's figures are taken through the worker thread, messages included.",
    ...(peer ? notes : ["TILLER_PYTHON was not set: no peer was run."]),
  ],
});
