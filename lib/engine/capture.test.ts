import { describe, expect, it } from "vitest";
import { parsePosition } from "#lib/core/position.ts";
import type { GraphDescription, InstrumentedGraph } from "#lib/onnx/contract.ts";
import { type CaptureBatch, captureBatch, poolWeights, tokenRanges } from "./capture.ts";
import type { GraphSession } from "./graph-session.ts";
import type { Feed, HostTensor } from "./session.ts";

const LAYERS = 3;
const HIDDEN = 2;
const noCache = { kvHeads: undefined, headSize: undefined };

/** A graph whose state at tap t and token with id i is [100 t + i, −i]; it pools them as the real graph does. */
function openGraph(component: "residual" | "attn" | "mlp", mlps = LAYERS) {
  const fed = new Map<string, Feed>();
  const value = (name: string, dtype: string) => ({ name, dtype, dims: [] });
  const graph: InstrumentedGraph = {
    bytes: new Uint8Array(),
    description: {
      layers: LAYERS,
      components: { residual: LAYERS + 1, attn: LAYERS, mlp: mlps },
    } as GraphDescription,
    inputs: { pool: "tiller.pool" },
    captured: { [component]: "taps" },
    logits: null,
    tokens: { name: "input_ids", kind: "ids", dtype: "int64" },
    attentionMask: "attention_mask",
    positionIds: null,
    useCacheBranch: null,
    logitsToKeep: null,
    past: [],
    present: [],
    requiredInputs: [
      value("input_ids", "int64"),
      value("attention_mask", "int64"),
      value("tiller.pool", "float32"),
    ],
  };
  const taps = component === "residual" ? LAYERS + 1 : LAYERS;
  const session: GraphSession["session"] = {
    async run(feeds) {
      for (const [name, feed] of Object.entries(feeds)) fed.set(name, feed);
      const ids = (feeds.input_ids as HostTensor).data as BigInt64Array;
      const { data: pool, dims } = feeds["tiller.pool"] as HostTensor;
      const [rows = 0, positions = 0, width = 0] = dims;
      const data = new Float32Array(taps * rows * positions * HIDDEN);
      let at = 0;
      for (let tap = 0; tap < taps; tap++) {
        for (let row = 0; row < rows; row++) {
          for (let position = 0; position < positions; position++, at += HIDDEN) {
            for (let token = 0; token < width; token++) {
              const weight = Number(pool[(row * positions + position) * width + token]);
              const id = Number(ids[row * width + token]);
              data[at] = (data[at] ?? 0) + weight * (100 * tap + id);
              data[at + 1] = (data[at + 1] ?? 0) - weight * id;
            }
          }
        }
      }
      return { read: { taps: { type: "float32", dims: [taps, rows, positions, HIDDEN], data } }, kept: {} };
    },
    async dispose() {},
  };
  return { open: { graph, session }, fed };
}

const rows = [
  { promptTokens: [1, 2, 3], responseTokens: [10, 20] },
  { promptTokens: [4], responseTokens: [] },
];

function batch(component: CaptureBatch["component"], layers: number[], ...positions: string[]): CaptureBatch {
  return { rows, positions: positions.map(parsePosition), component, layers };
}

describe("pool weights", () => {
  it("are 1/n over a position's tokens, 0 elsewhere", () => {
    const ranges = rows.map((row) => tokenRanges(row, ["prompt[-1]", "response[:]"].map(parsePosition)));
    const { dims, data } = poolWeights(ranges, 5);
    expect(dims).toEqual([2, 2, 5]);
    expect([...data]).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0.5, 0.5, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe("a captured batch", () => {
  it("means layer N as the residual state after block N, position by position", async () => {
    const { open } = openGraph("residual");
    const [first, second] = await captureBatch(
      open,
      batch("residual", [0, 2], "response[:]", "prompt[-1]"),
      noCache,
    );
    // Tap 0 is the embedding: block 0 is tap 1. [positions, layers, hidden]
    expect([...(first?.values ?? [])]).toEqual([115, -15, 315, -15, 103, -3, 303, -3]);
    expect(first?.empty).toEqual([false, false]);
    expect([...(second?.values ?? [])]).toEqual([NaN, NaN, NaN, NaN, 104, -4, 304, -4]);
    expect(second?.empty).toEqual([true, false]);
  });

  it("means layer N as what attention adds in block N", async () => {
    const { open } = openGraph("attn");
    const [first] = await captureBatch(open, batch("attn_out", [1], "all[0]"), noCache);
    expect([...(first?.values ?? [])]).toEqual([101, -1]);
  });

  it("is padded on the right, and the mask says so", async () => {
    const { open, fed } = openGraph("residual");
    await captureBatch(open, batch("residual", [0], "all[:]"), noCache);
    const numbers = (name: string) => Array.from((fed.get(name) as HostTensor).data as BigInt64Array, Number);
    expect(numbers("input_ids")).toEqual([1, 2, 3, 10, 20, 4, 0, 0, 0, 0]);
    expect(numbers("attention_mask")).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
  });

  it("is refused where some blocks have no MLP: its taps would belong to other blocks", async () => {
    const { open } = openGraph("mlp", LAYERS - 1);
    await expect(captureBatch(open, batch("mlp_out", [1], "all[:]"), noCache)).rejects.toMatchObject({
      code: "model-unsupported",
      message: "1 of this model's 3 blocks have no MLP of their own: read residual or attn_out",
    });
    await expect(captureBatch(open, batch("attn_out", [1], "all[:]"), noCache)).rejects.toMatchObject({
      code: "model-unsupported",
      message: "this model's graph does not show attn_out",
    });
  });
});
