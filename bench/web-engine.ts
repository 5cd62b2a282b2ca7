// The engine in the browser beside plain transformers.js, and pooled captures beside reading every hidden state.
import path from "node:path";
import { parsePosition } from "#lib/core/position.ts";
import { loadEngine } from "../tests/support/console-handle.ts";
import { removeHome, startServer, temporaryHome } from "../tests/support/server.ts";
import { openPage } from "./browser/open-page.ts";
import { ask, capture, generate, startWorker } from "./browser/sides.ts";
import { longTexts, writeEndlessDemo } from "./support/demo.ts";
import { race } from "./support/race.ts";
import { writeTable } from "./table.ts";

const MODEL = "endless";
const SIZES = [1, 8];
const PROMPT = 64;
const NEW_TOKENS = 32;
const CAPTURED = 128;
const ROUNDS = 15;
// A step takes a software adapter about as long as it takes others to answer.
const SOFTWARE = { newTokens: 8, rounds: 3, alone: 5 };

const home = await temporaryHome();
writeEndlessDemo(path.join(home, "models", MODEL));
const server = await startServer(home);
const { browser, page, version, adapter, software } = await openPage(server.url);
const rows: (string | number)[][] = [];
const notes: string[] = [];

/** Minutes pass with a software adapter: each line is told when it is there. */
function report(...cells: (string | number)[]): void {
  rows.push(cells);
  console.log(cells.join("  "));
}

async function generation(device: string, prompts: number[][], newTokens: number, rounds: number) {
  const request = prompts.map((tokens) => ({ prompt: { tokens }, maxNewTokens: newTokens }));
  const asked = { kind: "generate" as const, rows: prompts, newTokens };
  const [own = Number.NaN, theirs = Number.NaN] = await race(
    [
      async () => (await generate(page, request)).seconds,
      async () => (await ask(page, "transformers", asked)).seconds,
    ],
    rounds,
  );
  const count = prompts.length * newTokens;
  report(
    "generate",
    device,
    prompts.length,
    "tokens/s",
    rate(count / own),
    rate(count / theirs),
    `${(theirs / own).toFixed(2)}x`,
  );
  const answers = (await generate(page, request)).result;
  const others = (await ask<number[][], "transformers">(page, "transformers", asked)).result;
  const equal = answers.filter(({ responseTokens }, at) => `${responseTokens}` === `${others[at]}`);
  notes.push(
    `${device}, B=${prompts.length}: ${newTokens} new tokens a row; ${equal.length} of ${answers.length} answers are the same tokens on both sides.`,
  );
}

async function captures(device: string, tokens: number[][], layers: number, rounds: number) {
  const request = {
    rows: tokens.map((row) => ({ promptTokens: row.slice(0, PROMPT), responseTokens: row.slice(PROMPT) })),
    positions: [parsePosition("response[:]")],
    component: "residual" as const,
    layers: Array.from({ length: layers }, (_, layer) => layer),
  };
  const asked = { kind: "states" as const, rows: tokens, start: PROMPT };
  const [own = Number.NaN, theirs = Number.NaN] = await race(
    [
      async () => (await capture(page, request)).seconds,
      async () => (await ask(page, "states", asked)).seconds,
    ],
    rounds,
  );
  report(
    `capture, T=${CAPTURED}`,
    device,
    tokens.length,
    "rows/s",
    rate(tokens.length / own),
    rate(tokens.length / theirs),
    `${(theirs / own).toFixed(2)}x`,
  );
  const pooled = (await capture(page, request)).result.flatMap(({ values }) => [...values]);
  const { result } = await ask<{ pooled: Float32Array; bytesRead: number }, "states">(page, "states", asked);
  const size = pooled.length / (layers * tokens.length);
  // Theirs is [blocks + 1, rows, hidden], the embedding first; ours [rows, blocks, hidden].
  const differences = pooled.map((value, at) => {
    const [row, layer] = [Math.floor(at / (layers * size)), Math.floor(at / size) % layers];
    return Math.abs(
      value - (result.pooled[((layer + 1) * tokens.length + row) * size + (at % size)] ?? Number.NaN),
    );
  });
  const error = Math.max(...differences);
  notes.push(
    `${device}, capture: ${own.toFixed(3)} s and ${kilobytes(result.bytesRead / CAPTURED)} read from the graph, pooled there; ${theirs.toFixed(3)} s and ${kilobytes(result.bytesRead)} with every state; the means, of up to ${Math.max(...pooled).toFixed(1)}, differ by at most ${error.toExponential(1)}.`,
  );
}

const rate = (value: number) => value.toFixed(value < 100 ? 1 : 0);
const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;

for (const device of ["wasm", "webgpu"] as const) {
  const slow = device === "webgpu" && software;
  const { newTokens, rounds } = slow ? SOFTWARE : { newTokens: NEW_TOKENS, rounds: ROUNDS };
  const threads = await page.evaluate(() => Math.max(1, Math.min(8, navigator.hardwareConcurrency - 1)));
  const loaded = await loadEngine(page, { device, modelId: MODEL, threads });
  if (!Array.isArray(loaded)) throw new Error(loaded.userMessage);
  const { layers, tokens } = await page.evaluate(
    async (texts) => {
      const { engine } = window as unknown as { engine: import("#lib/engine/contract.ts").Engine };
      return {
        layers: engine.describe().layers,
        tokens: await engine.encode(texts.map((text) => ({ text }))),
      };
    },
    longTexts(Math.max(...SIZES)),
  );
  for (const side of ["transformers", "states"] as const) {
    await startWorker(page, side);
    await ask(page, side, { kind: "load", model: MODEL, device, threads });
  }
  for (const size of SIZES) {
    const prompts = tokens.slice(0, size).map((row) => row.slice(0, PROMPT));
    // A single row's times are short, and so the more easily disturbed.
    await generation(device, prompts, newTokens, slow && size === 1 ? SOFTWARE.alone : rounds);
  }
  await captures(
    device,
    tokens.map((row) => row.slice(0, CAPTURED)),
    layers,
    rounds,
  );
}

await browser.close();
await server.stop();
await removeHome(home);

writeTable("web-engine", {
  title: "The engine in the browser beside transformers.js",
  columns: ["work", "device", "rows", "unit", "Tiller", "compared", "ratio"],
  rows,
  notes: [
    `The demo model, fp32, in one page of Chromium ${version}, WebGPU adapter ${adapter}${software ? " (software)" : ""}; medians of ${ROUNDS} rounds${software ? ` (with WebGPU in software ${SOFTWARE.alone} of one row, ${SOFTWARE.rounds} of 8)` : ""} taken in turn after one to warm up. A ratio above 1x means Tiller is faster; the goal for generation is at least 0.95x.`,
    `generate: prompts of ${PROMPT} tokens, greedy, prefill included. Compared: transformers.js, AutoModelForCausalLM and generate() in a worker of its own, the unedited graph, the same build of onnxruntime-web, the same number of threads and the same graphics device.`,
    `capture: the mean over ${CAPTURED - PROMPT} of ${CAPTURED} tokens after every block, pooled in the graph. Compared: the same edit without pooling, in a worker of its own: every token's state is read, [blocks + 1, B, T, H], and the mean is taken in JavaScript.`,
    "All times are taken in the page, messages to and from the workers included.",
    ...notes,
  ],
});
