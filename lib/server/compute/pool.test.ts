import { afterAll, describe, expect, it } from "vitest";
import { plantedRows } from "#lib/testing/planted-rows.ts";
import { evaluateLayer, extractLayer, type LayerActivations } from "#lib/vectors/layer.ts";
import { stackRows } from "#lib/vectors/rows.ts";
import { createComputePool } from "./pool.ts";

function activations(side: number, dim: number, seed: number): LayerActivations {
  const { positives, negatives } = plantedRows({ positives: side, negatives: side, dim, distance: 3, seed });
  return {
    values: Float32Array.from(stackRows(positives, negatives).data),
    labels: Int8Array.from({ length: 2 * side }, (_, at) => (at < side ? 1 : 0)),
    indices: Int32Array.from({ length: 2 * side }, (_, at) => at % side),
    hidden: dim,
  };
}

describe("compute threads", () => {
  const pool = createComputePool({ threads: 2 });
  afterAll(() => pool.close());
  const methods = ["mean_diff", "probe", "gradient", "pca", "random"];
  const train = activations(20, 32, 1);
  const val = activations(10, 32, 1);

  it("answer what the same functions answer here, and leave the rows to their owner", async () => {
    const job = { layer: 3, train, methods, seed: 7 };
    const vectors = await pool.extractLayer(job);
    expect(vectors).toEqual(extractLayer(job));
    const evaluation = { layer: 3, train, val, vectors, seed: 7 };
    expect(await pool.evaluateLayer(evaluation)).toEqual(evaluateLayer(evaluation));
    expect(train.values).toHaveLength(40 * 32);
  });

  it("keep this thread's event loop free while a big probe is solved", async () => {
    const job = { layer: 0, train: activations(300, 768, 2), methods: ["probe", "gradient"], seed: 1 };
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 1);
    await pool.extractLayer(job);
    const ticksBeside = ticks;
    extractLayer(job);
    clearInterval(timer);
    expect(ticksBeside).toBeGreaterThan(20);
    expect(ticks).toBe(ticksBeside);
  });

  it("carry an error's code and text across", async () => {
    const bad = { ...train, values: train.values.map(() => 1) };
    await expect(pool.extractLayer({ layer: 5, train: bad, methods, seed: 1 })).rejects.toMatchObject({
      name: "AppError",
      code: "invalid-input",
      message: expect.stringContaining("layer 5: mean_diff finds no direction"),
    });
    await expect(pool.extractLayer({ layer: 5, train, methods: ["lda"], seed: 1 })).rejects.toMatchObject({
      code: "usage",
    });
  });

  it("stop when asked, and the pool goes on", async () => {
    const controller = new AbortController();
    const job = { layer: 0, train: activations(300, 512, 3), methods: ["probe", "gradient"], seed: 1 };
    const stopped = pool.extractLayer(job, controller.signal);
    controller.abort();
    await expect(stopped).rejects.toMatchObject({ code: "aborted" });
    expect(Object.keys(await pool.extractLayer({ layer: 1, train, methods, seed: 1 }))).toEqual(methods);
  });

  it("fail work under way as aborted when they are closed", async () => {
    const other = createComputePool({ threads: 1 });
    const job = { layer: 0, train: activations(300, 512, 4), methods: ["gradient"], seed: 1 };
    const pending = expect(other.extractLayer(job)).rejects.toMatchObject({ code: "aborted" });
    await other.close();
    await pending;
    await expect(other.extractLayer(job)).rejects.toMatchObject({ code: "aborted" });
  });
});
