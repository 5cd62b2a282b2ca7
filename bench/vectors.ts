import { createComputePool } from "#lib/server/compute/pool.ts";
import { plantedRows } from "#lib/testing/planted-rows.ts";
import { extractLayer, type LayerActivations } from "#lib/vectors/layer.ts";
import { stackRows } from "#lib/vectors/rows.ts";
import { writeTable } from "./table.ts";

const LAYERS = 28;
const SIDE = 100;
const DIM = 2048;
const methods = ["mean_diff", "probe", "gradient", "pca", "random"];

const { positives, negatives } = plantedRows({
  positives: SIDE,
  negatives: SIDE,
  dim: DIM,
  distance: 4,
  offset: 60,
  seed: 1,
});
const train: LayerActivations = {
  values: Float32Array.from(stackRows(positives, negatives).data),
  labels: Int8Array.from({ length: 2 * SIDE }, (_, at) => (at < SIDE ? 1 : 0)),
  indices: Int32Array.from({ length: 2 * SIDE }, (_, at) => at % SIDE),
  hidden: DIM,
};

async function wallSeconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Processor time of this thread's work: what other programs do at the time does not count. */
function processorSeconds(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

const median = (values: number[]) =>
  values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

extractLayer({ layer: 0, train, methods, seed: 1 });
const rows: (string | number)[][] = [];
for (const method of methods) {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    times.push(processorSeconds(() => extractLayer({ layer: round, train, methods: [method], seed: 1 })));
  }
  rows.push([`${method}, one layer (processor time)`, (median(times) * 1000).toFixed(0)]);
}

const pool = createComputePool();
// The threads load their code before the clock starts.
await pool.extractLayer({ layer: 0, train, methods: ["random"], seed: 1 });
let ticks = 0;
const timer = setInterval(() => {
  ticks += 1;
}, 10);
const whole = await wallSeconds(() =>
  Promise.all(
    Array.from({ length: LAYERS }, (_, layer) => pool.extractLayer({ layer, train, methods, seed: 1 })),
  ),
);
clearInterval(timer);
await pool.close();
rows.push([`all five methods, ${LAYERS} layers, compute threads (wall clock)`, (whole * 1000).toFixed(0)]);

writeTable("vectors", {
  title: "Vector extraction",
  columns: ["work", "ms"],
  rows,
  notes: [
    `${2 * SIDE} training rows (${SIDE} pairs) of ${DIM} dimensions, planted direction at distance 4, shared offset 60; medians of 3.`,
    `While the threads worked, a 10 ms timer of the main thread fired ${ticks} times (${Math.floor(whole * 100)} would be ideal).`,
  ],
});
