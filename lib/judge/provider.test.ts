import { afterEach, describe, expect, it, vi } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import {
  type Behaviour,
  type JudgeServer,
  type JudgeServerOptions,
  startJudgeServer,
} from "#lib/testing/judge-server.ts";
import type { CompletionRequest } from "./contract.ts";
import { parseRetryAfter } from "./openai-errors.ts";
import { createOpenAiTransport, type OpenAiTransportOptions } from "./openai-transport.ts";

const KEY = "sk-test-very-secret-1234";
const request: CompletionRequest = {
  messages: [{ role: "user", content: "<text>hope</text>" }],
  maxTokens: 1,
  temperature: 0,
  seed: 42,
  topLogprobs: 20,
};

let server: JudgeServer | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = undefined;
});

async function transportTo(options: JudgeServerOptions, own: Partial<OpenAiTransportOptions> = {}) {
  server = await startJudgeServer(options);
  const transport = createOpenAiTransport({ baseUrl: server.url, model: "m", apiKey: KEY, ...own });
  return { transport, server };
}

const always = (behaviour: Behaviour): JudgeServerOptions => ({ behave: () => behaviour });

async function errorFor(behaviour: Behaviour, own: Partial<OpenAiTransportOptions> = {}): Promise<AppError> {
  const { transport } = await transportTo(always(behaviour), own);
  const error = await transport.complete(request).catch((thrown: unknown) => thrown);
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${String(error)}`);
  return error;
}

function completion(choice: Record<string, unknown>, rest: Record<string, unknown> = {}): Behaviour {
  return { kind: "body", body: JSON.stringify({ choices: [choice], ...rest }) };
}

describe("what a failure means", () => {
  it.each([
    [401, {}, "judge-rejected", false, "run"],
    [402, {}, "judge-rejected", false, "run"],
    [404, {}, "judge-rejected", false, "run"],
    [429, { code: "insufficient_quota" }, "judge-rejected", false, "run"],
    [400, {}, "judge-rejected", false, "item"],
    [403, {}, "judge-rejected", false, "item"],
    [413, {}, "judge-rejected", false, "item"],
    [408, {}, "judge-unreachable", true, "item"],
    [429, {}, "judge-unreachable", true, "item"],
    [500, {}, "judge-unreachable", true, "item"],
    [503, {}, "judge-unreachable", true, "item"],
  ])("%i %j", async (status, extra, code, retryable, scope) => {
    const error = await errorFor({ kind: "status", status, ...extra });
    expect(error).toMatchObject({ code, retryable, details: { status, scope } });
    expect(server?.requests).toHaveLength(1);
  });

  it("quotes the server at most 300 characters, and never the key it repeats", async () => {
    // The key straddles the end of what is quoted.
    const error = await errorFor({ kind: "status", status: 400, message: `${"x".repeat(285)}${KEY} ${KEY}` });
    const text = JSON.stringify(error) + String(error.stack) + JSON.stringify(error.cause ?? "");
    expect(text).not.toContain("sk-test");
    expect(error.message.length).toBeLessThan(450);
  });

  it.each([
    ["hangs", { kind: "hang" }],
    ["sends headers and no body", { kind: "stall", status: 200 }],
    ["sends an error's headers and no body", { kind: "stall", status: 500 }],
  ] as const)("a server that %s has not answered in time", async (_, behaviour) => {
    const error = await errorFor(behaviour, { timeoutMs: 200 });
    expect(error).toMatchObject({ code: "judge-unreachable", retryable: true });
    expect(error.message).toContain("within 0.2 s");
  });

  it("an abort is an abort, not a timeout", async () => {
    const { transport } = await transportTo(always({ kind: "hang" }));
    const stop = new AbortController();
    const call = transport.complete(request, stop.signal);
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: "aborted" });
  });

  it("names the system's reason for a connection that fails", async () => {
    const { transport } = await transportTo({});
    await server?.close();
    await expect(transport.complete(request)).rejects.toMatchObject({
      code: "judge-unreachable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  it.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after-ms": "1500", "retry-after": "9" }, 1500],
    [{ "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" }, 30_000],
    [{ "retry-after": "Wed, 31 Dec 2025 00:00:00 GMT" }, 0],
    [{ "retry-after": "soon" }, undefined],
    [{}, undefined],
  ])("%j means %s ms", (headers, expected) => {
    expect(parseRetryAfter(new Headers(headers), now)).toBe(expected);
  });

  it("reaches the error as milliseconds, from a date on the wire", async () => {
    const headers = { "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" };
    const error = await errorFor({ kind: "status", status: 429, headers }, { now: () => now });
    expect(error.details?.retryAfterMs).toBe(30_000);
  });
});

describe("what is sent", () => {
  it("carries the key, and nothing from the environment", async () => {
    vi.stubEnv("OPENAI_ORG_ID", "org-secret");
    vi.stubEnv("OPENAI_PROJECT_ID", "project-secret");
    vi.stubEnv("OPENAI_API_KEY", "sk-other");
    const { transport, server } = await transportTo({});
    await transport.complete(request);
    expect(server.headers[0]?.authorization).toBe(`Bearer ${KEY}`);
    expect(JSON.stringify(server.headers)).not.toMatch(/secret"|sk-other/);
  });

  it.each([undefined, ""])("without a key (%j) there is no Authorization header", async (apiKey) => {
    vi.stubEnv("OPENAI_API_KEY", "sk-other");
    const { transport, server } = await transportTo({}, { apiKey });
    await transport.complete(request);
    expect(server.headers[0]).not.toHaveProperty("authorization");
  });

  it("learns once what a server refuses by name: a reasoning model's token limit and temperature", async () => {
    const { transport, server } = await transportTo({
      behave: ({ max_tokens, temperature }) =>
        max_tokens !== undefined
          ? { kind: "status", status: 400, message: "Unsupported parameter: 'max_tokens'" }
          : temperature !== undefined
            ? { kind: "status", status: 400, message: "Unsupported value: 'temperature'" }
            : { kind: "score", score: 70 },
    });
    await transport.complete(request);
    await transport.complete(request);
    expect(server.requests).toHaveLength(4);
    expect(server.requests[3]).toMatchObject({ max_completion_tokens: 1, logprobs: true });
    expect(server.requests[3]).not.toHaveProperty("temperature");
  });
});

describe("what is read", () => {
  it("an alternative without a probability is left out, not taken as certain", async () => {
    const top_logprobs = [
      { token: "90", logprob: null },
      { token: "10", logprob: -0.1 },
    ];
    const { transport } = await transportTo(
      always(
        completion({ message: { content: "1" }, logprobs: { content: [{ token: "1", top_logprobs }] } }),
      ),
    );
    expect((await transport.complete(request)).firstTokenAlternatives).toEqual([
      { token: "10", logprob: -0.1 },
    ]);
  });

  it.each([
    ["missing", {}],
    ["null", { usage: null }],
    ["of another shape", { usage: { prompt_tokens: "many" } }],
  ])("usage that is %s is unknown, never zero", async (_, rest) => {
    const { transport } = await transportTo(always(completion({ message: { content: "1" } }, rest)));
    expect((await transport.complete(request)).usage).toBeNull();
  });

  it.each(["<html>", "[]", '{"choices": []}', '{"choices": [{"message": 1}]}', '{"error": "no"}'])(
    "%s is no completion, and the error says where to look",
    async (body) => {
      const error = await errorFor({ kind: "body", body });
      expect(error).toMatchObject({ code: "judge-unparsable", retryable: true });
      expect(error.message).toMatch(/\/v1/);
    },
  );
});
