import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { bytesPerSequence, inBatches, type ModelShape, planBatch } from "./batching.ts";

const GB = 2 ** 30;
const shape: ModelShape = {
  layers: 5,
  hidden: 192,
  intermediate: 512,
  vocabulary: 2048,
  heads: 6,
  kvHeads: 6,
  headSize: 32,
  kvBytes: 4,
};

describe("planned batch size", () => {
  it("says what it found in exactly these words", () => {
    const { size, diagnostic } = planBatch(shape, "generation", 256, 2 * GB, 256);
    // cache 2·5·6·32·4·256 = 1,966,080; block 4·256·(6·192 + 3·512) + 8·6·256² = 5,898,240; logits 8,192
    expect(bytesPerSequence(shape, "generation", 256)).toBe(1.5 * (2 * 1_966_080 + 5_898_240 + 8_192));
    expect(size).toBe(101);
    expect(diagnostic).toBe("Auto batch size: 101 (mode=generation, free=2.0 GB, per_seq=14.1 MB)");
  });

  it("is never below 1 nor above the device's largest, and falls with length", () => {
    expect(planBatch(shape, "extraction", 512, 1000, 64).size).toBe(1);
    expect(planBatch(shape, "extraction", 16, 64 * GB, 64).size).toBe(64);
    for (const mode of ["generation", "extraction", "inference"] as const) {
      const sizes = [16, 64, 256, 512].map((tokens) => planBatch(shape, mode, tokens, GB / 4, 1e9).size);
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      expect(sizes[0]).toBeGreaterThan(sizes[3] ?? 0);
    }
  });

  it("counts the cache of grouped heads and half floats as it is", () => {
    const wide = { ...shape, layers: 28, kvHeads: 16, headSize: 128 };
    const cache = (other: ModelShape) =>
      bytesPerSequence(other, "inference", 128) - bytesPerSequence({ ...other, layers: 0 }, "inference", 128);
    expect(cache(wide)).toBe(2 * 28 * 16 * 128 * 4 * 128);
    expect(cache({ ...wide, kvHeads: 8, kvBytes: 2 })).toBe(cache(wide) / 4);
  });
});

describe("running in batches", () => {
  const outOfMemory = () =>
    new Error("bfc_arena.cc: Failed to allocate memory for requested buffer of size 1");

  it("runs every row once, long ones first, never more than fit", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        async (lengths, budget, equalLengths) => {
          const sizeFor = (tokens: number) => Math.floor(budget / Math.max(1, tokens));
          const batches: number[][] = [];
          const together = equalLengths
            ? (longest: number, row: number) => lengths[longest] === lengths[row]
            : undefined;
          await inBatches({ lengths, sizeFor, together }, async (rows) => {
            batches.push(rows);
          });
          expect(batches.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, row) => row));
          for (const batch of batches) {
            const tokens = batch.map((row) => lengths[row] ?? -1);
            expect(batch.length).toBeLessThanOrEqual(Math.max(1, sizeFor(Math.max(...tokens))));
            if (equalLengths) expect(new Set(tokens).size).toBe(1);
          }
        },
      ),
    );
  });

  it("halves a batch that runs out of memory, tries the same rows again and stays at the smaller size", async () => {
    const sizes: number[] = [];
    const done: number[] = [];
    const notices: string[] = [];
    await inBatches(
      {
        lengths: new Array(20).fill(3),
        sizeFor: () => 16,
        onNotice: (message) => notices.push(message),
      },
      async (rows) => {
        sizes.push(rows.length);
        if (rows.length > 5) throw outOfMemory();
        done.push(...rows);
      },
    );
    expect(sizes).toEqual([16, 8, 4, 4, 4, 4, 4]);
    expect(done).toEqual(Array.from({ length: 20 }, (_, row) => row));
    expect(notices).toEqual([
      "a batch of 16 ran out of memory: going on with 8",
      "a batch of 8 ran out of memory: going on with 4",
    ]);
  });

  it("leaves a row that cannot share a batch to a later one, and takes the next that can", async () => {
    const batches: number[][] = [];
    const together = (longest: number, row: number) => longest !== 2 || row !== 1;
    await inBatches({ lengths: [3, 6, 9, 6], sizeFor: () => 3, together }, async (rows) => {
      batches.push(rows);
    });
    expect(batches).toEqual([[2, 3, 0], [1]]);
  });

  it("fails in one clear line when a single row does not fit", async () => {
    const failed = inBatches({ lengths: [700, 3], sizeFor: () => 2 }, async () => {
      throw outOfMemory();
    });
    await expect(failed).rejects.toMatchObject({
      code: "out-of-memory",
      retryable: false,
      message: expect.stringMatching(/^one sequence of 700 tokens does not fit in memory: free some/),
    });
  });

  it("does not retry any other failure", async () => {
    let calls = 0;
    const failed = inBatches({ lengths: [1, 1], sizeFor: () => 2 }, async () => {
      calls++;
      throw new AppError("aborted", "the work was stopped");
    });
    await expect(failed).rejects.toMatchObject({ code: "aborted" });
    expect(calls).toBe(1);
  });
});
