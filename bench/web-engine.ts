// The engine in the browser beside plain transformers.js, in one page of a real Chromium.
import path from "node:path";
import { chromium, type Page } from "@playwright/test";
import { parsePosition } from "#lib/core/position.ts";
import config from "../playwright.config.ts";
import { type Handle, loadEngine, openDevicePage } from "../tests/support/console-handle.ts";
import { removeHome, startServer, temporaryHome } from "../tests/support/server.ts";
import { findChromium } from "../tools/project/chromium.mjs";
import { serveModules } from "./browser/serve-modules.ts";
import type { StatesQuestion } from "./browser/states-worker.ts";
import type { TransformersQuestion } from "./browser/transformers-worker.ts";
import { longTexts, writeEndlessDemo } from "./support/demo.ts";
import { ROUNDS, race } from "./support/race.ts";

const MODEL = "endless";
const home = await temporaryHome();
writeEndlessDemo(path.join(home, "models", MODEL));
const server = await startServer(home);
const executablePath = await findChromium();
const browser = await chromium.launch({ executablePath, args: config.use?.launchOptions?.args });
const page = await browser.newPage();
page.setDefaultTimeout(120_000);
page.on("console", (m) => console.log("console", m.text().slice(0, 300)));
page.on("request", (r) => { if (!r.url().startsWith(server.url) && !/^(blob|data):/.test(r.url())) console.log("stranger", r.url()); });
await serveModules(page, server.url);
await openDevicePage(page, server.url);

async function startWorker(name: string, file: string) {
  await page.evaluate(([name, file]) => {
    const w = window as any; w.peers ??= {}; w.peers[name] = new Worker(file, { type: "module" });
    w.peers[name].onerror = (e: any) => console.log("worker error", name, e.message);
  }, [name, file] as const);
}
async function ask<T>(name: string, question: TransformersQuestion | StatesQuestion): Promise<{ seconds: number; result: T }> {
  return page.evaluate(([name, question]) => new Promise<any>((resolve, reject) => {
    const w = (window as any).peers[name] as Worker;
    const t = performance.now();
    w.onmessage = ({ data }) => data.error ? reject(new Error(data.error)) : resolve({ seconds: (performance.now() - t) / 1000, result: data.result });
    w.onerror = (e) => reject(new Error(`worker: ${e.message}`));
    w.postMessage(question);
  }), [name, question] as const);
}
const own = (rows: number[][], newTokens: number) => page.evaluate(async ([rows, newTokens]) => {
  const { engine } = window as unknown as Handle;
  const t = performance.now();
  const out = await engine.generate(rows.map((tokens) => ({ prompt: { tokens }, maxNewTokens: newTokens })));
  return { seconds: (performance.now() - t) / 1000, tokens: out.map((g) => g.responseTokens) };
}, [rows, newTokens] as const);

for (const device of (process.env.DEVICES ?? "wasm,webgpu").split(",") as ("wasm" | "webgpu")[]) {
  console.log(device, await loadEngine(page, { device, modelId: MODEL }));
  const threads = await page.evaluate(() => Math.max(1, Math.min(8, navigator.hardwareConcurrency - 1)));
  const runtime = `${server.url}/bench/node_modules/onnxruntime-web/dist`;
  for (const [name, ownDevice] of [["plain", false], ...(device === "webgpu" ? [["same", true]] : [])] as [string, boolean][]) {
    await startWorker(device + name, "/bench/bench/browser/transformers-worker.ts");
    await ask(device + name, { kind: "load", model: MODEL, device, threads, runtime, ownDevice });
  }
  const all = (await page.evaluate((texts) => (window as unknown as Handle).engine.encode(texts.map((text) => ({ text }))), longTexts(8))).map((r) => r.slice(0, 64));
  for (const size of [1, 8]) {
    const rows = all.slice(0, size);
    const sides = ["plain", ...(device === "webgpu" ? ["same"] : [])];
    const times = await race([async () => (await own(rows, 32)).seconds, ...sides.map((s) => async () => (await ask(device + s, { kind: "generate", rows, newTokens: 32 })).seconds)]);
    console.log(device, size, times, "ratios", times.slice(1).map((t) => t / times[0]!));
    const mine = (await own(rows, 32)).tokens;
    for (const s of sides) { const theirs = (await ask<number[][]>(device + s, { kind: "generate", rows, newTokens: 32 })).result; console.log(s, "equal", mine.filter((m, i) => `${m}` === `${theirs[i]}`).length); }
  }
  await page.evaluate(() => (window as unknown as Handle).engine.dispose());
}
await browser.close();
await server.stop();
await removeHome(home);
