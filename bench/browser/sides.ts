import type { Page } from "@playwright/test";
import type { CapturedRow, CaptureRequest, Engine, GenerateRow, Generation } from "#lib/engine/contract.ts";
import type { StatesQuestion } from "./states-worker.ts";
import type { TransformersQuestion } from "./transformers-worker.ts";

/** What a side gave, and how long the page waited for it: messages to and from its worker included. */
export interface Timed<Result> {
  seconds: number;
  result: Result;
}

interface Questions {
  transformers: TransformersQuestion;
  states: StatesQuestion;
}

interface Bench {
  engine: Engine;
  workers: Record<string, Worker>;
}

/** Starts a measured side's worker in the page, in place of the one before. */
export async function startWorker(page: Page, side: keyof Questions): Promise<void> {
  await page.evaluate((name) => {
    const bench = window as unknown as Bench;
    bench.workers ??= {};
    bench.workers[name]?.terminate();
    bench.workers[name] = new Worker(`/bench/bench/browser/${name}-worker.ts`, { type: "module" });
  }, side);
}

export function ask<Result, Side extends keyof Questions>(
  page: Page,
  side: Side,
  question: Questions[Side],
): Promise<Timed<Result>> {
  return page.evaluate(
    ([name, asked]) =>
      new Promise<Timed<Result>>((resolve, reject) => {
        const worker = (window as unknown as Bench).workers[name];
        if (!worker) throw new Error(`no worker ${name}`);
        const start = performance.now();
        worker.onmessage = ({ data }) => {
          if (data.error) reject(new Error(data.error));
          else resolve({ seconds: (performance.now() - start) / 1000, result: data.result });
        };
        worker.onerror = ({ message }) => reject(new Error(`the worker ${name} could not start: ${message}`));
        worker.postMessage(asked);
      }),
    [side, question] as const,
  );
}

/** Tiller's engine, as its pages call it. */
export function generate(page: Page, rows: GenerateRow[]): Promise<Timed<Generation[]>> {
  return page.evaluate(async (given) => {
    const start = performance.now();
    const result = await (window as unknown as Bench).engine.generate(given);
    return { seconds: (performance.now() - start) / 1000, result };
  }, rows);
}

export function capture(page: Page, request: CaptureRequest): Promise<Timed<CapturedRow[]>> {
  return page.evaluate(async (given) => {
    const start = performance.now();
    const result = await (window as unknown as Bench).engine.capture(given);
    return { seconds: (performance.now() - start) / 1000, result };
  }, request);
}
