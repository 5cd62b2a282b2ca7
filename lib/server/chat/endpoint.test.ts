import { writeFileSync } from "node:fs";
import path from "node:path";
import OpenAI from "openai";
import { beforeAll, describe, expect, it } from "vitest";
import { createOpenAiTransport } from "#lib/judge/openai-transport.ts";
import { startNode } from "#lib/testing/children.ts";
import { engineLoader } from "#lib/testing/engine-models.ts";
import { plantedVector, plantVectors } from "#lib/testing/planted-vectors.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";

// The routes over HTTP in a process of their own, asked by OpenAI's own client.

const TOKEN = "token-of-the-environment";
const HIDDEN = 192;
const home = temporaryFolder("tiller-endpoint");
const load = engineLoader();
const vector = { experiment: "planted", trait: "small/wave", method: "mean_diff", layer: 2 };
const messages = [{ role: "user" as const, content: "Where do you buy bread?" }];
const greedy = { model: "demo", messages, temperature: 0, max_tokens: 16 };
let url = "";
let client: OpenAI;

beforeAll(async () => {
  plantVectors(home, vector, new Map([[2, plantedVector(HIDDEN, 0)]]));
  const server = startNode(path.resolve("lib/testing/api-server-main.ts"), [], {
    TILLER_HOME: home,
    TILLER_API_TOKEN: TOKEN,
  });
  await server.until(/http:\S+\n/);
  url = server.stdout().trim();
  client = new OpenAI({ baseURL: `${url}/api/v1`, apiKey: TOKEN, maxRetries: 0 });
  return async () => {
    server.process.kill();
    await server.ended;
  };
}, 60_000);

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;
/** The client's types know nothing of the extension; it sends what it is given. */
const ask = (more: object = {}) => client.chat.completions.create({ ...greedy, ...more } as Body);
const textOf = ({ choices }: OpenAI.ChatCompletion) => choices[0]?.message.content;
const steering = (more: object, tokens = "default") => ({
  steering: { tokens, vectors: [{ ...vector, ...more }] },
});

describe("the endpoint", () => {
  it("lists models and presets, and serves a preset by its name", async () => {
    const chosen = { tokens: "all", vectors: [{ ...vector, coef: 400, operator: "add" }] };
    const post = (body: object) =>
      fetch(`${url}/api/presets`, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      });
    expect((await post({ name: "wavy", model: "demo", steering: chosen })).status).toBe(201);
    const ids = (await client.models.list()).data.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(["demo", "wavy"]));
    writeFileSync(path.join(home, "presets/torn.json"), '{"model": "de');
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(ids);
    await expect(ask({ model: "torn" })).rejects.toThrow(/presets\/torn\.json/);
    expect(textOf(await ask({ model: "wavy" }))).toBe(textOf(await ask({ steering: chosen })));
    expect(textOf(await ask({ model: "wavy" }))).not.toBe(textOf(await ask()));
    const taken = await post({ name: "demo", model: "demo", steering: chosen });
    expect([taken.status, (await taken.json()).error.message]).toEqual([
      409,
      expect.stringContaining("a model is called demo"),
    ]);
    expect((await post({ name: "../up", model: "demo", steering: chosen })).status).toBe(400);
  });

  it("asks for a token, made here or set in the environment", async () => {
    const keyed = (apiKey: string) => new OpenAI({ baseURL: `${url}/api/v1`, apiKey, maxRetries: 0 });
    await expect(keyed("wrong").models.list()).rejects.toThrow(OpenAI.AuthenticationError);
    expect((await fetch(`${url}/api/v1/models`)).status).toBe(401);
    const made = await fetch(`${url}/api/settings/api-tokens`, {
      method: "POST",
      body: JSON.stringify({ name: "notebook" }),
      headers: { "content-type": "application/json" },
    });
    const { token } = (await made.json()) as { token: string };
    expect((await keyed(token).models.list()).data.length).toBeGreaterThan(0);
    const told = await (await fetch(`${url}/api/settings/api-tokens`)).text();
    expect(told).toContain("notebook");
    expect(told).not.toContain(token);
    await fetch(`${url}/api/settings/api-tokens/notebook`, { method: "DELETE" });
    await expect(keyed(token).models.list()).rejects.toThrow(/not known here/);
    // A page of Tiller's own needs none.
    const own = await fetch(`${url}/api/v1/models`, { headers: { "sec-fetch-site": "same-origin" } });
    expect(own.status).toBe(200);
  });

  it("answers as the engine does, whole and streamed", async () => {
    const engine = await load("demo");
    const [expected] = await engine.generate([{ prompt: { messages }, maxNewTokens: 16 }]);
    const whole = await ask();
    expect(textOf(whole)).toBe(expected?.answer);
    expect(whole.usage?.completion_tokens).toBe(expected?.responseTokens.length);
    expect(whole.choices[0]?.finish_reason).toBe(expected?.finish === "eos" ? "stop" : "length");
    let streamed = "";
    let usage: OpenAI.CompletionUsage | null | undefined;
    const chunks = await client.chat.completions.create({
      ...greedy,
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of chunks) {
      streamed += chunk.choices[0]?.delta.content ?? "";
      usage = chunk.usage ?? usage;
    }
    expect(streamed).toBe(expected?.answer);
    expect(usage).toEqual(whole.usage);
    // Left in the middle, the next request is served as ever.
    const left = await client.chat.completions.create({ ...greedy, max_tokens: 400, stream: true });
    for await (const chunk of left) if (chunk.choices[0]?.delta.content) break;
    expect(textOf(await ask())).toBe(expected?.answer);
  });

  it("steers: coefficient 0 is the baseline, a ratio is a coefficient, and strength changes the text", async () => {
    const baseline = textOf(await ask());
    expect(textOf(await ask(steering({ coef: 0 })))).toBe(baseline);
    const strong = textOf(await ask(steering({ coef: 400 })));
    expect(strong).not.toBe(baseline);
    // The planted experiment says that the layer's mean norm is 10.
    expect(textOf(await ask(steering({ ratio: 40 })))).toBe(strong);
    const ablated = await ask(steering({ operator: "ablate" }, "all"));
    expect(textOf(ablated)).toBe(textOf(await ask(steering({ operator: "clamp", coef: 0 }, "all"))));
  });

  it("knows seed, n, stop, length and probabilities", async () => {
    const sampled = { temperature: 1, seed: 7, n: 3 };
    const first = await ask(sampled);
    expect(first.choices.map(({ message }) => message.content)).toEqual(
      (await ask(sampled)).choices.map(({ message }) => message.content),
    );
    expect(new Set(first.choices.map(({ message }) => message.content)).size).toBeGreaterThan(1);
    const whole = textOf(await ask({ max_tokens: 24 })) ?? "";
    const stop = whole.slice(5, 8);
    const stopped = await ask({ stop: [stop] });
    expect(textOf(stopped)).toBe(whole.slice(0, whole.indexOf(stop)));
    expect(stopped.choices[0]?.finish_reason).toBe("stop");
    const short = await ask({ max_completion_tokens: 2, logprobs: true, top_logprobs: 3 });
    expect(short.choices[0]?.finish_reason).toBe("length");
    const content = short.choices[0]?.logprobs?.content ?? [];
    expect(content.map(({ top_logprobs }) => top_logprobs.length)).toEqual([3, 3]);
    for (const { token, logprob, top_logprobs } of content) {
      expect(top_logprobs[0]).toMatchObject({ token, logprob });
      expect(logprob).toBeLessThanOrEqual(0);
    }
  });

  it.each<[string, object, number, RegExp]>([
    ["an unknown model", { model: "nobody" }, 404, /no model "nobody"/],
    ["an unknown trait", steering({ trait: "small/none", coef: 1 }), 404, /small\/none.*is not there/],
    ["a layer without a vector", steering({ layer: 4, coef: 1 }), 400, /layers "4" do not fit/],
    ["coef and ratio", steering({ coef: 1, ratio: 1 }), 400, /coef or ratio/],
    ["tools", { tools: [{ type: "function", function: { name: "f" } }] }, 400, /tools is not supported/],
    ["a picture", { messages: [{ role: "user", content: [{ type: "image_url" }] }] }, 400, /messages/],
    ["a temperature of 3", { temperature: 3 }, 400, /temperature/],
    ["no message", { messages: [] }, 400, /at least one message/],
    [
      "a prompt that is too long",
      { messages: [{ role: "user", content: "bread ".repeat(600) }] },
      400,
      /shorten it/,
    ],
  ])("refuses %s in one line", async (_, more, status, message) => {
    const error = await ask(more).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ status, type: "invalid_request_error" });
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain("\n");
  });

  it("lists what can steer, with the norms that make a ratio a coefficient", async () => {
    const told = await (await fetch(`${url}/api/steerables`)).json();
    expect(told.models).toContainEqual(expect.objectContaining({ id: "demo", chat: true, hidden: HIDDEN }));
    expect(told.experiments).toEqual([
      {
        experiment: "planted",
        model: "demo",
        component: "residual",
        traits: [
          {
            trait: "small/wave",
            methods: [{ method: "mean_diff", layers: [2] }],
            norms: { 2: 10 },
            best: null,
            suggested: null,
          },
        ],
      },
    ]);
  });

  it("projects texts and answers by their tokens", async () => {
    const { choices } = await ask();
    const own = choices[0] as unknown as { tiller: { prompt_tokens: number[]; response_tokens: number[] } };
    const { prompt_tokens, response_tokens } = own.tiller;
    const body = {
      model: "demo",
      vectors: [vector],
      rows: [{ text: "It rained." }, { prompt_tokens, response_tokens }],
    };
    const post = async (sent: object) =>
      fetch(`${url}/api/projections`, { method: "POST", body: JSON.stringify(sent) });
    const { rows } = await (await post(body)).json();
    expect(rows[0].tokens.join("")).toBe("It rained.");
    expect(rows[1]).toMatchObject({ prompt: prompt_tokens.length });
    expect(rows[1].tokens.slice(prompt_tokens.length).join("")).toBe(textOf(await ask()));
    const answer = rows[1].projections[0].slice(prompt_tokens.length);
    const mean = answer.reduce((sum: number, value: number) => sum + value, 0) / answer.length;
    expect(rows[1].means[0]).toBeCloseTo(mean, 9);
    const refused = await post({ ...body, rows: [] });
    expect([refused.status, (await refused.json()).error.message]).toEqual([
      400,
      expect.stringContaining("write a text"),
    ]);
  });

  it("is an endpoint for a judge: what the built-in judge reads of a model, it tells", async () => {
    const engine = await load("demo");
    const request = { messages, maxTokens: 1, temperature: 0, seed: 42, topLogprobs: 20 };
    const asked = createOpenAiTransport({ baseUrl: `${url}/api/v1`, apiKey: TOKEN, model: "demo" });
    const completion = await asked.complete(request);
    const [own] = await engine.generate([{ prompt: { messages }, maxNewTokens: 1, topLogprobs: 20 }]);
    expect(completion.text).toBe(own?.answer);
    expect(completion.firstTokenAlternatives).toEqual(own?.alternatives);
  });
});
