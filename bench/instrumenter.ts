// What the instrumenter's edits cost: edited graphs against the unedited one, side by side in one process.
import { readFileSync } from "node:fs";
import path from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import {
  describeGraph,
  type GraphDescription,
  type GraphValue,
  type InstrumentOptions,
  instrument,
} from "#lib/onnx/index.ts";
import { projectRoot } from "#lib/server/paths.ts";
import { writeTable } from "./table.ts";

const BATCH = 8;
const LENGTH = 128;
const ROUNDS = 15;

const file = path.join(projectRoot(), "public/models/demo/onnx/model.onnx");
const bytes = readFileSync(file);
const graph = describeGraph(bytes);
const all = { components: ["residual", "attn", "mlp"] } satisfies Partial<InstrumentOptions>;

interface Candidate {
  name: string;
  session: InferenceSession;
  inputs: GraphValue[];
}

async function open(name: string, options: Omit<InstrumentOptions, "dataFile"> | null): Promise<Candidate> {
  const edited = options && instrument(bytes, { ...options, dataFile: path.basename(file) });
  const session = await InferenceSession.create(edited?.bytes ?? bytes, {
    logSeverityLevel: 3,
    extra: { session: { model_external_initializers_file_folder_path: path.dirname(file) } },
  });
  return { name, session, inputs: edited?.requiredInputs ?? graph.inputs };
}

/** Values for every input of a call with `length` new tokens after `past` cached ones. */
function feeds(inputs: readonly GraphValue[], length: number, past: number): Record<string, Tensor> {
  const ints = (value: (at: number) => number, dims: number[]) => {
    const size = dims.reduce((product, dim) => product * dim, 1);
    return new Tensor(
      "int64",
      BigInt64Array.from({ length: size }, (_, at) => BigInt(value(at))),
      dims,
    );
  };
  const floats = (value: number, dims: number[]) =>
    new Tensor(
      "float32",
      new Float32Array(dims.reduce((product, dim) => product * dim, 1)).fill(value),
      dims,
    );
  const { heads, headSize } = graph.kv;
  const known: Record<string, () => Tensor> = {
    input_ids: () => ints((at) => 4 + ((at * 7919) % 1000), [BATCH, length]),
    attention_mask: () => ints(() => 1, [BATCH, past + length]),
    position_ids: () => ints((at) => past + (at % length), [BATCH, length]),
    "tiller.steer": () => floats(0.01, [BATCH, graph.layers, graph.hidden]),
    "tiller.gate": () => floats(1, [BATCH, length, 1]),
    "tiller.pool": () => floats(1 / length, [BATCH, 1, length]),
    "tiller.logits_at": () => ints(() => length - 1, [BATCH]),
  };
  return Object.fromEntries(
    inputs.map(({ name }) => [name, known[name]?.() ?? floats(0.1, [BATCH, heads, past, headSize])]),
  );
}

/** Median milliseconds of each candidate; they take turns, so that a busy machine slows all alike. */
async function race(candidates: readonly Candidate[], length: number, past: number): Promise<number[]> {
  const inputs = candidates.map((candidate) => feeds(candidate.inputs, length, past));
  const times = candidates.map((): number[] => []);
  for (let round = -2; round < ROUNDS; round++) {
    for (const [at, { session }] of candidates.entries()) {
      const start = performance.now();
      await session.run(inputs[at] ?? {});
      if (round >= 0) times[at]?.push(performance.now() - start);
    }
  }
  return times.map((list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN);
}

async function rows(title: string, candidates: Candidate[], length: number, past: number) {
  const medians = await race(candidates, length, past);
  const [plain = Number.NaN] = medians;
  for (const { session } of candidates) await session.release();
  return candidates.map(({ name }, at) => {
    const ms = medians[at] ?? Number.NaN;
    return [title, name, ms.toFixed(1), (ms / plain).toFixed(2)];
  });
}

function tapCount({ components }: GraphDescription): number {
  return components.residual + components.attn + components.mlp;
}

const prefill = await rows(
  `prefill, ${LENGTH} tokens`,
  [
    await open("unedited", null),
    await open("full: steering", { variant: "full", components: [] }),
    await open(`full: steering, ${tapCount(graph)} taps pooled`, { variant: "full", ...all }),
    await open("capture: residual taps, no head", { variant: "capture" }),
    await open("capture up to half the blocks", {
      variant: "capture",
      highestLayer: Math.floor(graph.layers / 2) - 1,
    }),
    await open("generate: steering, logits of one position", { variant: "generate" }),
  ],
  LENGTH,
  0,
);
const decode = await rows(
  `decode, 1 token after ${LENGTH}`,
  [
    await open("unedited", null),
    await open("generate: steering", { variant: "generate" }),
    await open(`generate: steering, ${tapCount(graph)} taps pooled`, { variant: "generate", ...all }),
  ],
  1,
  LENGTH,
);
const started = performance.now();
const { bytes: edited } = instrument(bytes, { variant: "full", dataFile: path.basename(file), ...all });
const editMs = performance.now() - started;

writeTable("instrumenter", {
  title: "Edited graphs against the unedited forward pass",
  columns: ["call", "graph", "median ms", "x unedited"],
  rows: [...prefill, ...decode],
  notes: [
    `the bundled model (${graph.layers} blocks of ${graph.hidden}, vocabulary ${graph.vocab}, ${graph.weightDtype}), batch ${BATCH}, onnxruntime-node on the CPU, ${ROUNDS} rounds in turns after 2 to warm up; every output is fetched`,
    "goal: full with taps, pooling and steering at most 1.10 x unedited at prefill, and generate at most 1.10 x at decoding",
    `the edit itself: ${editMs.toFixed(0)} ms, a graph of ${Math.round(edited.byteLength / 1024)} KB over weights that stay in the original ${(bytes.byteLength / 2 ** 20).toFixed(0)} MB file`,
  ],
});
