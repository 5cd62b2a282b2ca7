import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { packResult } from "#lib/engine/lending/result.ts";
import type { JudgeItem } from "#lib/judge/contract.ts";
import { judgeAll } from "#lib/judge/judge.ts";
import { judgeWarnings } from "#lib/judge/warnings.ts";
import type { DoneWork } from "#lib/pipeline/events.ts";
import type { JudgeForRun } from "#lib/pipeline/ports.ts";
import { MemoryCache, noWaiting } from "#lib/testing/fake-judge.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { createNodeEngines, type NodeEngines } from "./engine/engines.ts";
import { createJudges } from "./judges.ts";
import { LendingHub } from "./lending/hub.ts";
import { createRunEngines } from "./lending/run-engines.ts";

const home = temporaryFolder("tiller-judges");
const bundled = path.resolve("public/models/demo");
let engines: NodeEngines;

beforeAll(() => {
  engines = createNodeEngines({ home, threads: 1 });
});
afterAll(() => engines.dispose());

function start() {
  let id = 0;
  const hub = new LendingHub({ now: () => new Date(), randomId: () => `lease-${id++}` });
  const judges = createJudges({
    engines: createRunEngines(engines, hub, { home }),
    places: { home },
    keys: { keyFor: async () => undefined, setKey: async () => {}, describe: async () => [] },
    cache: new MemoryCache(),
  });
  const open = (own: Partial<JudgeForRun> = {}) =>
    judges.open({ judge: "builtin", model: "demo", device: "cpu", runId: "r", signal: undefined, ...own });
  return { hub, open };
}

/** What a tab does: leases until it is told to stop. */
async function lendTo(hub: LendingHub, model: string, over: Promise<unknown>): Promise<void> {
  const engine = await engines.load(model, { device: "cpu" });
  const { id, fingerprint, hidden } = engine.describe();
  const lender = { id: "tab-12345", name: "tab", device: "wasm" as const };
  let open = true;
  void over.finally(() => {
    open = false;
  });
  while (open) {
    const changed = hub.changed();
    const offer = hub.lease("r", { lender, models: [{ id, fingerprint }] });
    if (offer?.kind !== "batch") {
      await Promise.race([changed, over]);
      continue;
    }
    const { work } = offer.lease.batch;
    if (work.kind !== "generate") throw new Error("a judge only generates");
    hub.complete(
      offer.lease.id,
      packResult({ kind: "generate", rows: await engine.generate(work.rows) }, work, hidden),
    );
  }
}

/** An installed copy of the demo model that is no judge by its own account. */
function install(name: string, { template }: { template: boolean }): string {
  const folder = path.join(home, "models", name);
  mkdirSync(folder, { recursive: true });
  cpSync(bundled, folder, { recursive: true });
  writeFileSync(path.join(folder, "tiller.json"), "{}");
  const file = path.join(folder, "tokenizer_config.json");
  const { chat_template, ...config } = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify(template ? { ...config, chat_template } : config));
  return name;
}

const texts = ["The bakery will surely thrive.", "Nothing can save the old mill.", "The bus comes at nine."];
const items = texts.flatMap((text): JudgeItem[] => [
  { id: `${text} trait`, task: "response", text, trait: "optimism", definition: "hope" },
  {
    id: `${text} coherence`,
    task: "coherence",
    text,
    question: "How is it?",
    trait: "optimism",
    definition: "",
  },
]);
const limits = { concurrency: 64, ports: noWaiting };
const scoresOf = async (judged: ReturnType<typeof judgeAll>) =>
  [...(await judged).judgements].map(([id, { score, error }]) => [id, score, error?.message]);

describe("the built-in judge", () => {
  it("gives the same scores under the same keys when a browser lends itself", async () => {
    const { hub, open } = start();
    const done: DoneWork[] = [];
    const told: string[] = [];
    const here = await open();
    const lent = await open({
      device: "browser",
      onWork: (work) => done.push(work),
      onProgress: (message) => told.push(message),
    });
    expect(lent.transport.id).toBe(here.transport.id);
    const expected = await scoresOf(judgeAll(items, here.transport, new MemoryCache(), limits));
    const judging = judgeAll(items, lent.transport, new MemoryCache(), limits);
    await lendTo(hub, "demo", judging);
    expect(await scoresOf(judging)).toEqual(expected);
    expect(expected.every(([, score]) => typeof score === "number")).toBe(true);
    expect(done.reduce((rows, work) => rows + work.rows, 0)).toBe(3 * texts.length);
    expect(told).toEqual([expect.stringMatching(/^judge: Demo .* runs in a browser: this run's page/)]);
  });

  it("that waits for a browser stops with its run", async () => {
    const { hub, open } = start();
    const controller = new AbortController();
    const { signal } = controller;
    const { transport } = await open({ device: "browser-wasm", signal });
    const judging = judgeAll(items, transport, new MemoryCache(), { ...limits, signal });
    await hub.changed();
    controller.abort();
    await expect(judging).rejects.toMatchObject({ code: "aborted" });
    const lender = { id: "tab-12345", name: "tab", device: "wasm" as const };
    expect(hub.lease("r", { lender, models: [] })).toBeNull();
  });

  it("tells what was measured of it", async () => {
    const { open } = start();
    const notes = async (model: string) => {
      const { transport } = await open({ model });
      return judgeWarnings(transport, [], ["optimism"]).find(({ code }) => code === "agreement")?.message;
    };
    expect(await notes("demo")).toMatch(
      /optimism Spearman 0\.71, AUC 0\.90 \(550 texts\); coherence Spearman 0\.73, AUC 0\.90/,
    );
    expect(await notes(install("instruct", { template: true }))).toBe(
      "judge instruct: agreement not measured; compare its scores with your own labels",
    );
  });
});

describe("any other model", () => {
  it("with a chat template is asked with the standard prompts, the probe first", async () => {
    const { open } = start();
    const { transport } = await open({ model: install("instruct", { template: true }) });
    expect(transport.promptSet).toBe("standard-1");
    const probe = await transport.complete({
      messages: [{ role: "user", content: "How is the bakery?" }],
      maxTokens: 4,
      temperature: 0,
      seed: 1,
      topLogprobs: 20,
    });
    expect(probe.tokens?.join("")).toBe(probe.text);
    expect(probe.firstTokenAlternatives).toHaveLength(20);
    // A village model shows no numbers, so samples are asked for, and its context is too short for them: the item says so.
    const [item] = items;
    if (!item) throw new Error("no items");
    const { judgements } = await judgeAll([item], transport, new MemoryCache(), limits);
    expect(judgements.get(item.id)).toMatchObject({
      method: "json",
      error: { code: "invalid-input", message: expect.stringContaining("the model reads 512") },
    });
  });

  it("without one cannot judge, and is refused before anything runs", async () => {
    const { open } = start();
    const model = install("base-only", { template: false });
    await expect(open({ model })).rejects.toThrow(AppError);
    await expect(open({ model })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("model base-only cannot judge: it has no chat template"),
    });
    await expect(open({ model: "nowhere" })).rejects.toMatchObject({ code: "not-found" });
  });
});
