import type { GenerateRow } from "#lib/engine/contract.ts";
import {
  generate,
  type Handle,
  loadEngine,
  noticesOf,
  openDevicePage,
  streamed,
} from "../support/console-handle.ts";
import { expect, test } from "./fixtures.ts";

const row = (text: string, maxNewTokens: number): GenerateRow => ({ prompt: { text }, maxNewTokens });
const rows = [row("The baker opened the shop and", 6), row("It rained all day. Tom", 4)];
/** Outlasts whatever a test does meanwhile: long answers whose ends are far. */
const long = [1, 2, 3].map((seed) => ({
  ...row("On Monday the", 480),
  sampling: { temperature: 3, topP: 1 },
  seed,
}));

test("WASM: a generation is stopped between two tokens, and the engine answers again", async ({
  page,
  app,
}) => {
  await openDevicePage(page, app.url);
  await loadEngine(page, { device: "wasm" });
  const code = await page.evaluate(async (given) => {
    const { engine } = window as unknown as Handle;
    const controller = new AbortController();
    return engine.generate(given, { signal: controller.signal, onToken: () => controller.abort() }).then(
      ([answer]) => `${answer?.responseTokens.length} tokens`,
      (error: { code: string }) => error.code,
    );
  }, long);
  expect(code).toBe("aborted");
  expect(await generate(page, rows)).toHaveLength(2);
});

test("WASM: an isolated page may use several threads, and its tokens are those of one", async ({
  page,
  app,
}) => {
  await openDevicePage(page, app.url);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const tokens = new Map<number, number[][]>();
  for (const threads of [1, 3]) {
    await openDevicePage(page, app.url);
    await loadEngine(page, { device: "wasm", threads });
    const [worker] = page.workers();
    // The runtime starts its threads with the first session: one less than asked, for the worker itself is one.
    await worker?.evaluate(() => {
      const counter = Object.assign(self, { threads: 1 });
      self.Worker = class extends Worker {
        constructor(...given: ConstructorParameters<typeof Worker>) {
          super(...given);
          counter.threads += 1;
        }
      };
    });
    const answers = await generate(page, rows);
    expect(await worker?.evaluate(() => (self as unknown as { threads: number }).threads)).toBe(threads);
    tokens.set(
      threads,
      answers.map(({ responseTokens }) => responseTokens),
    );
  }
  expect(tokens.get(3)).toEqual(tokens.get(1));
});

test("WASM: a worker that ends in the middle is replaced, and no token is told twice", async ({
  page,
  app,
}) => {
  await openDevicePage(page, app.url);
  await loadEngine(page, { device: "wasm" });
  const expected = await generate(page, long);
  const [worker] = page.workers();
  const answers = generate(page, long);
  await streamed(page, 2);
  await worker?.evaluate(() => self.close());
  expect(await answers).toEqual(expected);
  expect(await noticesOf(page)).toEqual([expect.stringMatching(/worker stopped.*starts again/)]);
  const told = await page.evaluate(() => (window as unknown as Handle).streamed);
  expect(long.map((_, at) => told.filter(([row]) => row === at).map(([, token]) => token))).toEqual(
    expected.map(({ responseTokens }) => responseTokens),
  );
});

test("WebGPU: the cache stays on the card, and a lost device costs no more than time", async ({
  page,
  app,
  browser,
}) => {
  await openDevicePage(page, app.url);
  await loadEngine(page, { device: "webgpu" });
  // Counts what is read back from the card (GPUMapMode.READ is 1), in the worker itself.
  const [worker] = page.workers();
  await worker?.evaluate(() => {
    const counter = Object.assign(self, { readBack: [] as number[] });
    const original = GPUBuffer.prototype.mapAsync;
    GPUBuffer.prototype.mapAsync = function (mode, offset, size) {
      if (mode === 1) counter.readBack.push(size ?? this.size);
      return original.call(this, mode, offset, size);
    };
  });
  const expected = await generate(page, rows);
  const readBack = await worker?.evaluate(() => (self as unknown as { readBack: number[] }).readBack);
  const logits = 2 * 2048 * 4;
  expect(readBack?.filter((bytes) => bytes >= logits)).toHaveLength(6);
  expect(Math.max(...(readBack ?? []))).toBe(logits);

  const answers = generate(page, rows);
  await streamed(page, 3);
  const session = await browser.newBrowserCDPSession();
  await session.send("Browser.crashGpuProcess").catch(() => undefined);
  expect(await answers).toEqual(expected);
  expect(await noticesOf(page)).toEqual([expect.stringMatching(/graphics device was lost.*starts again/)]);
});
