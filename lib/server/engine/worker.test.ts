import { spawn } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { parsePosition } from "#lib/core/position.ts";
import type { GenerateRow } from "#lib/engine/contract.ts";
import type { WorkerLink } from "#lib/engine/protocol.ts";
import { engineLoader } from "#lib/testing/engine-models.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { createNodeEngines } from "./engines.ts";
import type { NodeLoadParams } from "./load-engine.ts";
import { startWorker } from "./worker-link.ts";

// Every worker starts a Node of its own, which on a busy machine takes long.
vi.setConfig({ testTimeout: 240_000 });

const load = engineLoader();
const home = temporaryFolder();
const options = { home, threads: 1 };
const engines = createNodeEngines(options);
afterAll(() => engines.dispose());

const row = (text: string, maxNewTokens = 12): GenerateRow => ({ prompt: { text }, maxNewTokens });
const rows = [row("The baker opened the shop and", 8), row("At the market, Anna", 15), row("It rained")];
/** Enough steps to outlast whatever a test does meanwhile: no end token, a long answer, several rows. */
const long = Array.from({ length: 4 }, (_, at) => ({
  ...row(`On day ${at} the`, 480),
  sampling: { temperature: 3, topP: 1 },
  seed: at,
}));

describe("an engine in a worker thread", () => {
  it("answers as the engine in this thread does", async () => {
    const here = await load("demo");
    const there = await engines.load("demo", { device: "cpu" });
    expect(there.describe()).toEqual(here.describe());
    const prompts = [{ text: "a b" }, { messages: [{ role: "user" as const, content: "hello" }] }];
    expect(await there.encode(prompts)).toEqual(await here.encode(prompts));
    expect(await there.encodeText(["the shop", ""])).toEqual(await here.encodeText(["the shop", ""]));
    const { hidden } = here.describe();
    const vector = Float32Array.from({ length: hidden }, (_, at) => Math.cos(at));
    const steered = rows.map((plain) => ({
      ...plain,
      topLogprobs: 3,
      steering: { tokens: "all" as const, vectors: [{ layer: 2, coef: 1.5, vector }] },
    }));
    const answers = await here.generate(steered);
    expect(await there.generate(steered)).toEqual(answers);
    const request = {
      rows: answers.map(({ promptTokens, responseTokens }) => ({ promptTokens, responseTokens })),
      positions: [parsePosition("response[:]"), parsePosition("response[14]")],
      component: "mlp_out" as const,
      layers: [0, 4],
    };
    expect(await there.capture(request)).toEqual(await here.capture(request));
    const streamed: [number, number, string][] = [];
    await there.generate(rows, { onToken: (row, token, text) => streamed.push([row, token, text]) });
    const expected: [number, number, string][] = [];
    await here.generate(rows, { onToken: (row, token, text) => expected.push([row, token, text]) });
    expect(streamed).toEqual(expected);
  });

  it("leaves this thread's event loop running", async () => {
    const engine = await engines.load("demo", { device: "cpu" });
    const here = await load("demo");
    // Timer turns while the same work runs there and here: `run` blocks the thread it runs on.
    const ticksDuring = async (work: Promise<unknown>) => {
      let ticks = 0;
      const timer = setInterval(() => ticks++, 1);
      await work;
      clearInterval(timer);
      return ticks;
    };
    const request = {
      rows: Array.from({ length: 8 }, () => ({ promptTokens: new Array(300).fill(9), responseTokens: [5] })),
      positions: [parsePosition("all[:]")],
      component: "residual" as const,
      layers: [4],
    };
    await engine.capture({ ...request, rows: request.rows.slice(0, 1) });
    await here.capture({ ...request, rows: request.rows.slice(0, 1) });
    const away = await ticksDuring(engine.capture(request));
    const blocked = await ticksDuring(here.capture(request));
    expect(away).toBeGreaterThan(5 * blocked);
  });

  it("stops between two steps when the call is aborted, and goes on with other calls", async () => {
    const engine = await engines.load("demo", { device: "cpu" });
    const controller = new AbortController();
    let tokens = 0;
    const aborted = engine.generate(long, {
      signal: controller.signal,
      onToken: () => {
        tokens++;
        controller.abort();
      },
    });
    await expect(aborted).rejects.toMatchObject({ code: "aborted" });
    expect(tokens).toBeLessThan(4 * 480);
    await expect(engine.generate(rows, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
    expect(await engine.generate(rows)).toHaveLength(3);
  });

  it("carries an error with its code, message and advice", async () => {
    const engine = await engines.load("demo", { device: "cpu" });
    const failed = await engine.generate([row("x", 0)]).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(AppError);
    expect(failed).toMatchObject({
      code: "invalid-input",
      message: expect.stringContaining("row 1: maxNewTokens is 0"),
    });
  });

  it("is one for each model and device; a failed load is tried anew and names the model", async () => {
    expect(await engines.load("demo", { device: "cpu" })).toBe(await engines.load("demo", { device: "cpu" }));
    const missing = () => engines.load("no-such-model", { device: "cpu" });
    await expect(missing()).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining("no-such-model"),
    });
    await expect(missing()).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("a model whose files change", () => {
  it("is loaded anew for new work; work that began with the old files does not go on with new ones", async () => {
    const folder = path.join(temporaryFolder("model"), "copy");
    cpSync(path.resolve("public/models/demo"), folder, { recursive: true });
    const links: WorkerLink<NodeLoadParams>[] = [];
    const own = createNodeEngines({
      ...options,
      connect: () => {
        const link = startWorker();
        links.push(link);
        return link;
      },
    });
    const old = await own.load(folder, { device: "cpu" });
    expect(await own.load(folder, { device: "cpu" })).toBe(old);
    const config = path.join(folder, "generation_config.json");
    writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, "utf8")), max_length: 99 }));
    const renewed = await own.load(folder, { device: "cpu" });
    expect(renewed.describe().fingerprint).not.toBe(old.describe().fingerprint);
    expect(await old.generate(rows)).toEqual(await renewed.generate(rows));
    await links[0]?.close();
    await expect(old.generate(rows)).rejects.toMatchObject({ code: "conflict" });
    await own.dispose();
  });
});

describe("a worker that dies", () => {
  it("fails the calls that wait with a retryable error; the next call starts another that knows the model", async () => {
    const links: WorkerLink<NodeLoadParams>[] = [];
    const own = createNodeEngines({
      ...options,
      connect: () => {
        const link = startWorker();
        links.push(link);
        return link;
      },
    });
    const engine = await own.load("demo", { device: "cpu" });
    const before = await engine.generate(rows);
    // A message that no code expects: the worker falls over it.
    const lost = engine.generate(long, { onToken: () => links[0]?.post(null as never) });
    await expect(lost).rejects.toMatchObject({ code: "internal", retryable: true });
    expect(await engine.generate(rows)).toEqual(before);
    expect(links).toHaveLength(2);
    await own.dispose();
    await expect(engine.generate(rows)).rejects.toThrow(/was closed/);
  });
});

describe("closing", () => {
  it("stops the calls that run and ends the worker without harm to this process", async () => {
    const own = createNodeEngines(options);
    const engine = await own.load("demo", { device: "cpu" });
    let closed: Promise<void> | undefined;
    const stopped = engine.generate(long, {
      onToken: () => {
        closed ??= own.dispose();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: expect.stringMatching(/aborted|internal/) });
    await closed;
    await expect(engine.generate(rows)).rejects.toThrow(/was closed/);
  });
});

describe("a process that ends while its worker runs the model", () => {
  it("ends with its own exit code, not by an abort", async () => {
    const codes = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const child = spawn(process.execPath, [path.resolve("lib/testing/exit-while-running.ts"), home]);
      codes.push(
        await new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal))),
      );
    }
    expect(codes).toEqual([7, 7, 7]);
  });
});

describe("an idle worker", () => {
  it("is closed, and started again by the next call", async () => {
    const gone: Promise<string>[] = [];
    const own = createNodeEngines({
      ...options,
      idleMs: 1,
      connect: () => {
        const link = startWorker();
        gone.push(new Promise((resolve) => link.onGone(resolve)));
        // Keeps this process waiting for the worker's end although no call does.
        return { ...link, busy: () => undefined };
      },
    });
    const engine = await own.load("demo", { device: "cpu" });
    await gone[0];
    expect(await engine.generate(rows)).toEqual(await (await load("demo")).generate(rows));
    expect(gone.length).toBeGreaterThanOrEqual(2);
    await own.dispose();
  });
});
