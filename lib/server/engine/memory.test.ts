import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { parsePosition } from "#lib/core/position.ts";
import type { Engine, GenerateRow } from "#lib/engine/contract.ts";
import { createEngine } from "#lib/engine/engine.ts";
import type { Session } from "#lib/engine/session.ts";
import { engineLoader } from "#lib/testing/engine-models.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { readModelFiles } from "./model-files.ts";
import { OrtSession } from "./ort-session.ts";

const load = engineLoader();
const home = temporaryFolder();
const texts = Array.from({ length: 7 }, (_, at) => `The baker counted ${at} loaves and${" then".repeat(at)}`);
const rows: GenerateRow[] = texts.map((text) => ({ prompt: { text }, maxNewTokens: 12 }));

/** The demo model in a runtime that fails as ONNX Runtime does when a batch is larger than `fits` at a step. */
async function crampedEngine(fits: (run: number) => number): Promise<{ engine: Engine; batches: number[] }> {
  const batches: number[] = [];
  const files = await readModelFiles(path.resolve("public/models/demo"), { home });
  const folder = path.dirname(files.graphFile);
  const engine = await createEngine(
    {
      ...files,
      id: "demo",
      device: "cpu",
      graphFile: path.basename(files.graphFile),
      readGraph: () => readFile(files.graphFile),
    },
    {
      async createSession(graph): Promise<Session> {
        const session = await OrtSession.create(graph, {
          intraOpNumThreads: 1,
          extra: { session: { model_external_initializers_file_folder_path: folder } },
        });
        return {
          run(feeds, fetch) {
            const size = feeds.input_ids?.dims[0] ?? 0;
            batches.push(size);
            if (size > fits(batches.length)) {
              throw new Error(
                "Non-zero status code returned while running MatMul node. Status Message: /onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:376 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool) Failed to allocate memory for requested buffer of size 8589934592",
              );
            }
            return session.run(feeds, fetch);
          },
          dispose: () => session.dispose(),
        };
      },
      freeMemory: async () => 64 * 2 ** 30,
      maxBatch: () => 64,
    },
  );
  return { engine, batches };
}

describe("a batch that does not fit", () => {
  it("is halved until it fits; answers and captures stay what they were", async () => {
    const { engine, batches } = await crampedEngine(() => 2);
    const notices: string[] = [];
    const answers = await engine.generate(rows, { onNotice: (message) => notices.push(message) });
    expect(answers).toEqual(await (await load("demo")).generate(rows));
    expect(batches[0]).toBe(7);
    expect(notices).toEqual([
      "a batch of 7 ran out of memory: going on with 3",
      "a batch of 3 ran out of memory: going on with 1",
    ]);
    const request = {
      rows: answers.map(({ promptTokens, responseTokens }) => ({ promptTokens, responseTokens })),
      positions: [parsePosition("response[:]")],
      component: "residual" as const,
      layers: [1, 3],
    };
    const captured = await engine.capture(request);
    const expected = await (await load("demo")).capture(request);
    captured.forEach(({ values }, row) => {
      const worst = Math.max(
        ...values.map((value, at) => Math.abs(value - (expected[row]?.values[at] ?? Number.NaN))),
      );
      expect(worst).toBeLessThan(1e-5);
    });
    await engine.dispose();
  });

  it("tells each token once, even when the memory ends in the middle of the answers", async () => {
    // The first batch decodes four steps and fails at the fifth.
    const { engine } = await crampedEngine((run) => (run < 5 ? 64 : 4));
    const told: number[][] = rows.map(() => []);
    const answers = await engine.generate(rows, { onToken: (row, token) => told[row]?.push(token) });
    expect(told).toEqual(answers.map((row) => row.responseTokens));
    await engine.dispose();
  });

  it("is an error, with what to do, when it is one row", async () => {
    const { engine } = await crampedEngine(() => 0);
    const failed = engine.generate(rows.slice(0, 1)).catch((error: unknown) => error);
    expect(await failed).toBeInstanceOf(AppError);
    expect(await failed).toMatchObject({ code: "out-of-memory" });
    await engine.dispose();
  });
});

describe("the planned batch", () => {
  it("is printed with what it rests on and shrinks with the length", async () => {
    const { engine } = await crampedEngine(() => 64);
    const short = await engine.planBatch("generation", 64);
    expect(short.diagnostic).toMatch(
      /^Auto batch size: 64 \(mode=generation, free=64\.0 GB, per_seq=\d+\.\d MB\)$/,
    );
    const long = await engine.planBatch("generation", 60_000);
    expect(long.size).toBeLessThan(short.size);
    const perSequence = (text: string) => Number(/per_seq=([\d.]+)/.exec(text)?.[1]);
    const of = async (mode: "generation" | "extraction" | "inference") =>
      perSequence((await engine.planBatch(mode, 512)).diagnostic);
    expect(await of("generation")).toBeGreaterThan(1.5 * (await of("extraction")));
    expect(await of("inference")).toBeGreaterThanOrEqual(await of("extraction"));
    await engine.dispose();
  });

  it("is the asked one where a size was asked for", async () => {
    const engine = await load("demo", { batchSize: 3 });
    expect(await engine.planBatch("inference", 128)).toEqual({
      size: 3,
      diagnostic: "Batch size: 3 (as asked)",
    });
    expect(await engine.generate(rows)).toEqual(await (await load("demo")).generate(rows));
  });
});
