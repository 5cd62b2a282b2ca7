import { cp, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parsePosition } from "#lib/core/position.ts";
import type { CaptureRequest, Engine, GenerateRow } from "#lib/engine/contract.ts";
import { loadNodeEngine } from "#lib/server/engine/load-engine.ts";
import { graphFolder, graphNames } from "#lib/testing/graph-folders.ts";
import { type Handle, loadEngine, openDevicePage } from "../support/console-handle.ts";
import { expect, test } from "./fixtures.ts";

// Graphs as the two exporters make them, with random weights: what the demo model is not.
test.skip(graphNames.length === 0, "no exporter-made graphs beside the repository");

const prompts = [
  [5, 9, 2, 7, 11],
  [3, 8],
  [14, 4, 6],
];

/** By row: as it is, steered by addition, and by the graph that edits along directions. */
const operators = [undefined, "add", "clamp"] as const;

function questions(hidden: number): GenerateRow[] {
  const vector = Float32Array.from({ length: hidden }, (_, at) => Math.cos(at));
  return prompts.map((tokens, row) => ({
    prompt: { tokens },
    maxNewTokens: 6,
    ...(row > 0
      ? {
          steering: {
            tokens: "all" as const,
            vectors: [{ layer: 1, vector, coef: 2, operator: operators[row] }],
          },
        }
      : {}),
  }));
}

const requests: CaptureRequest[] = (["residual", "attn_out", "mlp_out"] as const).map((component) => ({
  rows: prompts.map((promptTokens) => ({ promptTokens, responseTokens: [1, 6, 3] })),
  positions: [parsePosition("response[:]"), parsePosition("prompt[-1]")],
  component,
  layers: [0, 1],
}));

async function nodeAnswers(engine: Engine) {
  const generated = await engine.generate(questions(engine.describe().hidden));
  const captured: number[] = [];
  for (const request of requests) {
    for (const { values } of await engine.capture(request)) captured.push(...values);
  }
  return { tokens: generated.map(({ responseTokens }) => responseTokens), captured };
}

/**
 * Half precision has three digits. Against 4-bit weights the server's processor rounds activations to 8 bits where the
 * graph allows it (MatMulNBits, accuracy_level 4); WASM and WebGPU compute in float32.
 */
const tolerances: Record<string, number> = { fp16: 1e-2, q4: 3e-2 };

// Software WebGPU compiles shaders for seconds a graph: two that differ most run there, the others on WASM.
const onCard = ["genai-llama-q4", "opt-gpt2"];
const devices = {
  wasm: graphNames.filter((name) => !onCard.includes(name)),
  webgpu: graphNames.filter((name) => onCard.includes(name)),
};

for (const device of ["wasm", "webgpu"] as const) {
  test(`${device} gives the tokens and states of the server's processor, whichever exporter made the graph`, async ({
    page,
    app,
  }) => {
    const home = await mkdtemp(path.join(os.tmpdir(), "tiller-graphs-"));
    await openDevicePage(page, app.url);
    for (const name of devices[device]) {
      await cp(graphFolder(name), path.join(app.home, "models", name), { recursive: true });
      const node = await loadNodeEngine({ modelId: graphFolder(name), device: "cpu", home });
      const expected = await nodeAnswers(node);
      const { hidden, fingerprint, dtype } = node.describe();
      await node.dispose();
      expect(await loadEngine(page, { device, modelId: name }), name).toContainEqual(
        expect.stringContaining(`ready on ${device}`),
      );
      const given = await page.evaluate(
        async ({ rows, captures }) => {
          const { engine } = window as unknown as Handle;
          const generated = await engine.generate(rows);
          const captured: number[] = [];
          for (const request of captures) {
            for (const { values } of await engine.capture(request)) captured.push(...values);
          }
          const { fingerprint } = engine.describe();
          await engine.dispose();
          return { fingerprint, tokens: generated.map(({ responseTokens }) => responseTokens), captured };
        },
        { rows: questions(hidden), captures: requests },
      );
      expect(given.fingerprint, name).toBe(fingerprint);
      expect(given.tokens, name).toEqual(expected.tokens);
      const error = Math.max(
        ...given.captured.map((value, at) => Math.abs(value - (expected.captured[at] ?? 0))),
      );
      expect(given.captured).toHaveLength(expected.captured.length);
      expect(error, name).toBeLessThanOrEqual(tolerances[dtype] ?? 1e-4);
    }
    await rm(home, { recursive: true });
  });
}

test("webgpu without shader-f16 says that a model in half precision cannot run", async ({ page, app }) => {
  await cp(graphFolder("genai-llama-fp16"), path.join(app.home, "models/genai-llama-fp16"), {
    recursive: true,
  });
  await openDevicePage(page, app.url);
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
  const refused = await loadEngine(page, { device: "webgpu", modelId: "genai-llama-fp16" });
  expect(refused).toMatchObject({
    code: "device-unavailable",
    userMessage: expect.stringMatching(/computes in half precision \(fp16\).*shader-f16 is missing/),
  });
  expect(fetched.filter((name) => name.endsWith(".onnx"))).toEqual([]);
});
