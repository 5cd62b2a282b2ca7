import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createRng } from "#lib/core/rng.ts";
import { MemoryCache } from "#lib/testing/fake-judge.ts";
import { type JudgeServer, type JudgeServerOptions, startJudgeServer } from "#lib/testing/judge-server.ts";
import { createBudget } from "./budget.ts";
import type { JudgeItem, JudgePorts } from "./contract.ts";
import { createJudge, judgeAll } from "./judge.ts";
import { createLimiter } from "./limiter.ts";
import { createOpenAiTransport, type OpenAiTransportOptions } from "./openai-transport.ts";
import { backoffMs } from "./retry.ts";

let server: JudgeServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Waiting moves the clock and nothing else; every wait is one turn of the event loop. */
function quickPorts(): JudgePorts & { slept: number[] } {
  const slept: number[] = [];
  let clock = 0;
  return {
    slept,
    now: () => clock,
    random: createRng(1),
    async sleep(ms) {
      const until = clock + ms;
      slept.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
      clock = Math.max(clock, until);
    },
  };
}

async function transportTo(options: JudgeServerOptions, own: Partial<OpenAiTransportOptions> = {}) {
  server = await startJudgeServer(options);
  return createOpenAiTransport({ baseUrl: server.url, model: "m", ...own });
}

function items(count: number): JudgeItem[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `${at}`,
    task: "response",
    text: `text ${at}`,
    trait: "optimism",
    definition: "hope",
  }));
}

const isProbe = (messages: { content: string }[]) => messages.at(-1)?.content.includes("100 85 37") ?? false;

describe("the limiter", () => {
  it("never lets more than rpm attempts start within a minute, and no fewer than it may", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 60 }),
        async (rpm, calls) => {
          const ports = quickPorts();
          const limiter = createLimiter(10, rpm, ports);
          const starts: number[] = [];
          const task = async () => {
            await limiter.admit();
            starts.push(ports.now());
          };
          await Promise.all(Array.from({ length: calls }, () => limiter.run(task)));
          for (const [at, start] of starts.entries()) {
            const first = starts[at - rpm];
            if (first !== undefined) expect(start - first).toBeGreaterThanOrEqual(60_000);
          }
          expect(ports.now()).toBeLessThanOrEqual((Math.ceil(calls / rpm) - 1) * 61_000);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("holds everybody back for as long as a server asks one", async () => {
    const ports = quickPorts();
    const limiter = createLimiter(5, undefined, ports);
    limiter.pause(7000);
    await limiter.admit();
    expect(ports.now()).toBe(7000);
  });

  it.each([0, 1.5, Number.NaN])("refuses a concurrency or rpm of %d", (bad) => {
    expect(() => createLimiter(bad, undefined, quickPorts())).toThrow(/concurrency must be a whole number/);
    expect(() => createLimiter(1, bad, quickPorts())).toThrow(/rpm must be a whole number/);
  });

  it("counts retries against rpm", async () => {
    const transport = await transportTo({
      behave: ({ messages }, count) =>
        !isProbe(messages) && count % 2 === 0 ? { kind: "status", status: 500 } : undefined,
    });
    const ports = quickPorts();
    const result = await judgeAll(items(3), transport, new MemoryCache(), { concurrency: 1, rpm: 2, ports });
    // The probe, three failures and three answers, two a minute: three full minutes of waiting.
    expect(result).toMatchObject({ attempts: 7, calls: 3 });
    expect(ports.now()).toBeGreaterThanOrEqual(3 * 60_000);
  });
});

describe("backoff", () => {
  it("doubles, is fully jittered, and never exceeds 30 s", () => {
    expect([1, 2, 3, 4].map((attempt) => backoffMs(attempt, () => 1))).toEqual([500, 1000, 2000, 4000]);
    expect(backoffMs(3, () => 0)).toBe(0);
    expect(backoffMs(40, () => 1)).toBe(30_000);
  });

  it("gives up on a server that asks for an hour", async () => {
    const transport = await transportTo({
      behave: ({ messages }) =>
        isProbe(messages) ? undefined : { kind: "status", status: 429, headers: { "retry-after": "3600" } },
    });
    const ports = quickPorts();
    const result = await judgeAll(items(1), transport, new MemoryCache(), { concurrency: 1, ports });
    expect(ports.slept).toEqual([]);
    expect(result.judgements.get("0")?.error).toMatchObject({ code: "judge-unreachable", retryable: true });
  });
});

describe("the budget", () => {
  it("never lets spending and what is in flight exceed the cap, and ends only when nothing more fits", async () => {
    // Hundredths: fast-check's doubles lie almost all next to zero, where no call would fit.
    const hundredths = (max: number) => fc.integer({ min: 1, max }).map((cents) => cents / 100);
    const call = fc.record({ bound: hundredths(100), share: hundredths(100), delay: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { maxLength: 30, size: "max" }),
        hundredths(500),
        async (calls, cap) => {
          const budget = createBudget(cap);
          let held = 0;
          let spent = 0;
          await Promise.all(
            calls.map(async ({ bound, share, delay }) => {
              const reservation = await budget.reserve(bound).catch(() => undefined);
              if (!reservation) return expect(spent + held + bound).toBeGreaterThan(cap - 1e-9);
              reservation.cover(bound);
              held += bound;
              expect(spent + held).toBeLessThanOrEqual(cap + 1e-9);
              for (let turn = 0; turn < delay; turn++) await Promise.resolve();
              held -= bound;
              spent += bound * share;
              reservation.settle(bound * share);
            }),
          );
          expect(spent).toBeLessThanOrEqual(cap + 1e-9);
        },
      ),
    );
  });

  it("counts what the resumed run has spent", async () => {
    await expect(createBudget(1, 0.9).reserve(0.2)).rejects.toMatchObject({ code: "spending-cap" });
  });

  it("refuses a cap on a model without a known price, before any call", async () => {
    const transport = await transportTo({});
    expect(() => createJudge(transport, new MemoryCache(), { concurrency: 1, maxCostUsd: 1 })).toThrow(
      /price of judge model m is not known/,
    );
  });

  it("a cap that does not even pay the probe stops cleanly without a call", async () => {
    const transport = await transportTo({}, { model: "gpt-4.1-mini" });
    const result = await judgeAll(items(3), transport, new MemoryCache(), { concurrency: 1, maxCostUsd: 0 });
    expect(result).toMatchObject({ stoppedBy: "spending-cap", attempts: 0, costUsd: 0 });
  });

  it("takes the bound where the provider tells no usage, and calls the cost unknown", async () => {
    const body = JSON.stringify({
      choices: [
        {
          message: { content: "70" },
          logprobs: { content: [{ token: "70", top_logprobs: [{ token: "70", logprob: -0.1 }] }] },
        },
      ],
    });
    const transport = await transportTo(
      { behave: ({ messages }) => (isProbe(messages) ? undefined : { kind: "body", body }) },
      { model: "gpt-4.1-mini" },
    );
    const result = await judgeAll(items(200), transport, new MemoryCache(), {
      concurrency: 3,
      maxCostUsd: 0.005,
      ports: quickPorts(),
    });
    expect(result.stoppedBy).toBe("spending-cap");
    expect(result.costUsd).toBeNull();
    expect(result.judgements.size).toBeGreaterThan(0);
    expect(result.judgements.get("0")).toMatchObject({ score: 70, usage: null, costUsd: null });
  });
});

describe("a run that cannot go on", () => {
  it("ends soon when the server goes away in the middle, and keeps what is finished", async () => {
    const transport = await transportTo({
      behave: ({ messages }, count) => (!isProbe(messages) && count > 21 ? { kind: "drop" } : undefined),
    });
    const cache = new MemoryCache();
    const run = judgeAll(items(400), transport, cache, {
      concurrency: 4,
      maxAttempts: 3,
      ports: quickPorts(),
    });
    await expect(run).rejects.toMatchObject({ code: "judge-unreachable", details: { scope: "run" } });
    expect(cache.held.size).toBe(20);
    expect(server?.requests.length).toBeLessThan(60);
  });

  it("goes on past many items that the server fails on", async () => {
    const transport = await transportTo({
      behave: ({ messages }) =>
        /text [1-9]</.test(messages.at(-1)?.content ?? "") ? { kind: "status", status: 500 } : undefined,
    });
    const result = await judgeAll(items(30), transport, new MemoryCache(), {
      concurrency: 1,
      maxAttempts: 2,
      ports: quickPorts(),
    });
    expect(result).toMatchObject({ errors: 9, calls: 21 });
    expect(result.judgements.size).toBe(30);
  });

  it.each([
    ["a cache that cannot be written", { put: () => Promise.reject(new Error("disk full")) }, "disk full"],
  ])("ends with %s: a judgement that is not kept would be paid twice", async (_, broken, message) => {
    const transport = await transportTo({});
    const cache = Object.assign(new MemoryCache(), broken);
    await expect(
      judgeAll(items(20), transport, cache, { concurrency: 2, ports: quickPorts() }),
    ).rejects.toThrow(message);
    expect(server?.requests.length).toBeLessThanOrEqual(4);
  });

  it("reports only what the cache holds", async () => {
    const transport = await transportTo({});
    const cache = new MemoryCache();
    let checked = 0;
    await judgeAll(items(10), transport, cache, {
      concurrency: 3,
      ports: quickPorts(),
      onJudgement: (_, judgement, key) => {
        checked++;
        expect(cache.held.get(key)?.score).toBe(judgement.score);
      },
    });
    expect(checked).toBe(10);
  });
});
