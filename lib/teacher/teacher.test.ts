import { afterEach, describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import type { CompletionRequest, JudgePorts } from "#lib/judge/contract.ts";
import { stopsRun } from "#lib/judge/errors.ts";
import { createOpenAiTransport } from "#lib/judge/openai-transport.ts";
import { noWaiting } from "#lib/testing/fake-judge.ts";
import {
  type Behaviour,
  type ChatRequest,
  type JudgeServer,
  startJudgeServer,
} from "#lib/testing/judge-server.ts";
import { createTeacher, teacherBackoff } from "./teacher.ts";

const request: CompletionRequest = {
  messages: [{ role: "user", content: "Write." }],
  maxTokens: 8,
  temperature: 0.3,
  topP: 0.95,
  seed: 1,
};
const answer = { kind: "text", text: "done" } as const;
const refusal = (status: number) => ({ kind: "status", status }) as const;

let server: JudgeServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function teacherOf(
  models: [string, ...string[]],
  behave: (request: ChatRequest, count: number) => Behaviour,
  ports: JudgePorts = noWaiting,
  own: { rpm?: number; maxCostUsd?: number; signal?: AbortSignal } = {},
) {
  const { url, requests } = (server = await startJudgeServer({ behave }));
  const { signal, ...limits } = own;
  const transportOf = (model: string) =>
    createOpenAiTransport({ baseUrl: url, model, role: "teacher", price: { prompt: 1, completion: 2 } });
  const [first, ...others] = models;
  const teacher = createTeacher({
    provider: "loopback",
    transports: [transportOf(first), ...others.map(transportOf)],
    limits: { concurrency: 4, maxAttempts: 3, ...limits },
    ports,
    signal,
  });
  return { teacher, asked: () => requests.map(({ model }) => model), requests };
}

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("it did not throw"),
    (error: unknown) => AppError.from(error),
  );

describe("a teacher", () => {
  it("answers with what is recorded of the call, and sums up", async () => {
    const body = {
      id: "call-7",
      choices: [{ message: { content: "done" } }],
      usage: { prompt_tokens: 100, completion_tokens: 50 },
    };
    let clock = 0;
    const ports = { ...noWaiting, now: () => (clock += 5) };
    const { teacher, requests } = await teacherOf(
      ["a"],
      () => ({ kind: "body", body: JSON.stringify(body) }),
      ports,
    );
    const got = await teacher.ask(request);
    const usage = { promptTokens: 100, completionTokens: 50 };
    expect(got).toMatchObject({
      text: "done",
      model: "a",
      attemptedModels: ["a"],
      requestId: "call-7",
      usage,
    });
    expect(got.costUsd).toBeCloseTo(0.0002, 12);
    expect(got.totalTimeMs).toBeGreaterThan(0);
    await teacher.ask(request);
    expect(teacher.spent()).toMatchObject({ calls: 2, usage: { promptTokens: 200, completionTokens: 100 } });
    expect(requests[0]).toMatchObject({ max_tokens: 8, temperature: 0.3, top_p: 0.95 });
  });

  it.each([404, 402])("turns to the next model on %i, and asks the first no more", async (status) => {
    const { teacher, asked } = await teacherOf(["gone", "here"], ({ model }) =>
      model === "gone" ? refusal(status) : answer,
    );
    expect(await teacher.ask(request)).toMatchObject({ model: "here", attemptedModels: ["gone", "here"] });
    expect(await teacher.ask(request)).toMatchObject({ model: "here", attemptedModels: ["here"] });
    expect(asked()).toEqual(["gone", "here", "here"]);
  });

  it("is lost when no model is left, and says so without asking again", async () => {
    const { teacher, asked } = await teacherOf(["a", "b"], () => refusal(404));
    const error = await caught(teacher.ask(request));
    expect(stopsRun(error)).toBe(true);
    expect(error.details).toMatchObject({ attemptedModels: ["a", "b"], status: 404 });
    expect(error.message).toContain("the teacher at http://127.0.0.1");
    expect(stopsRun(await caught(teacher.ask(request)))).toBe(true);
    expect(asked()).toEqual(["a", "b"]);
  });

  it("tries a fault again, keeps to its model, and goes on after one bad request", async () => {
    const { teacher, asked } = await teacherOf(["a", "b"], (_request, count) =>
      count === 1 ? refusal(503) : count === 3 ? refusal(400) : answer,
    );
    expect(await teacher.ask(request)).toMatchObject({ text: "done", model: "a" });
    const error = await caught(teacher.ask(request));
    expect([error.code, stopsRun(error)]).toEqual(["judge-rejected", false]);
    expect(await teacher.ask(request)).toMatchObject({ text: "done" });
    expect(asked()).toEqual(["a", "a", "a", "a"]);
  });

  it("keeps one rate limit for all its models", async () => {
    let clock = 0;
    const ports: JudgePorts = {
      now: () => clock,
      sleep: async (ms) => void (clock += ms),
      random: () => 0.5,
    };
    const { teacher } = await teacherOf(
      ["gone", "here"],
      ({ model }) => (model === "gone" ? refusal(404) : answer),
      ports,
      {
        rpm: 2,
      },
    );
    await teacher.ask(request);
    expect(clock).toBe(0);
    await teacher.ask(request);
    expect(clock).toBeGreaterThanOrEqual(60_000);
  });

  it("starts no call that could pass the cap", async () => {
    const { teacher, asked } = await teacherOf(["a"], () => answer, noWaiting, { maxCostUsd: 0.000001 });
    expect((await caught(teacher.ask(request))).code).toBe("spending-cap");
    expect(asked()).toEqual([]);
  });

  it("stops with its signal", async () => {
    const stop = new AbortController();
    const { teacher } = await teacherOf(["a"], () => ({ kind: "hang" }), noWaiting, { signal: stop.signal });
    const asking = caught(teacher.ask(request));
    await expect.poll(() => server?.open()).toBe(1);
    stop.abort();
    expect((await asking).code).toBe("aborted");
  });

  it("waits 1 s doubled up to 30 s, a quarter more or less", () => {
    expect([1, 2, 3, 9].map((attempt) => teacherBackoff(attempt, () => 0.5))).toEqual([
      1000, 2000, 4000, 30_000,
    ]);
    expect([0, 1].map((chance) => teacherBackoff(1, () => chance))).toEqual([750, 1250]);
  });
});
