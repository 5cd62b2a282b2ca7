import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { BuildPorts } from "#lib/builds/ports.ts";
import { ProgressTracker } from "#lib/builds/progress.ts";
import { type CaaRequestInput, caaRequestSchema } from "#lib/caa/request.ts";
import { listDatasets, outcomesQuerySchema, readOutcomes } from "#lib/caa/results.ts";
import { AppError } from "#lib/core/errors.ts";
import type { JudgePorts } from "#lib/judge/contract.ts";
import { createOpenAiTransport } from "#lib/judge/openai-transport.ts";
import { createTeacher } from "#lib/teacher/teacher.ts";
import {
  type Behaviour,
  type ChatRequest,
  type JudgeServer,
  startJudgeServer,
} from "#lib/testing/judge-server.ts";
import { personaCallOf, personaReply } from "#lib/testing/persona-teacher.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { openOutput } from "../builds/output.ts";
import { planCaa, runCaa } from "./run.ts";

const home = temporaryFolder("tiller-caa");
let server: JudgeServer | undefined;
let folders = 0;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

type Behave = (request: ChatRequest, count: number) => Behaviour | undefined;
const places = { home, folder: home, anyFile: true, hubToken: async () => undefined };
const newFolder = () => path.join(home, `out-${++folders}`);
/** Time goes on by what is waited for. */
function patientPorts(): JudgePorts {
  let time = 0;
  return {
    now: () => time,
    sleep: async (ms) => {
      time += ms;
    },
    random: () => 0.5,
  };
}
/** Their clock stands still but for a second a build: a new dataset has a new name. */
let clock = Date.UTC(2026, 10, 21, 12);

async function build(
  folder: string,
  own: Partial<CaaRequestInput> & { workers?: number } = {},
  behave: Behave = () => undefined,
  signal?: AbortSignal,
) {
  server = await startJudgeServer({
    behave: (request, count) => behave(request, count) ?? { kind: "text", text: personaReply(request) },
  });
  const { workers = 4, ...rest } = own;
  const request = caaRequestSchema.parse({
    personalities: ["Narcissism"],
    limit: 12,
    ...rest,
    // The address is recorded: the same one each time.
    teacher: { provider: "http://teacher.test/v1", models: ["m"], workers },
  });
  const transport = createOpenAiTransport({
    baseUrl: server.url,
    model: "m",
    role: "teacher",
    timeoutMs: 500,
  });
  const limits = { concurrency: workers, maxAttempts: 3 };
  const teacher = createTeacher({
    provider: "test",
    transports: [transport],
    limits,
    ports: patientPorts(),
    signal,
  });
  clock += 1_000;
  const now = () => new Date(clock);
  const progress = new ProgressTracker(now);
  const ports: BuildPorts = { output: openOutput(folder), teacher, progress, now, signal };
  const run = runCaa(request, ports, places);
  try {
    return { result: await run, progress: progress.progress, requests: server.requests };
  } finally {
    await server.close();
  }
}

const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("it did not throw"),
    (error: unknown) => AppError.from(error),
  );
const filesIn = (folder: string, end: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(end))
    .sort();
const linesIn = (folder: string) =>
  filesIn(folder, ".jsonl").flatMap((file) =>
    readFileSync(path.join(folder, file), "utf8").trim().split("\n"),
  );
const only = (folder: string, end: string) => {
  const [file, ...others] = filesIn(folder, end);
  expect(others).toEqual([]);
  return path.join(folder, file ?? "");
};
const checkpointIn = (folder: string) => JSON.parse(readFileSync(only(folder, ".checkpoint.json"), "utf8"));

describe("a build", () => {
  it("writes contrasts of both characters, asking for words and descriptions once", async () => {
    const folder = newFolder();
    const { result, progress, requests } = await build(folder);
    expect(result).toMatchObject({ failed: 0, datasets: [{ samples: 12, finished: true, rejected: {} }] });
    const lines = linesIn(folder).map((line) => JSON.parse(line));
    expect(lines).toHaveLength(12);
    for (const { question, positive, neutral } of lines) {
      expect([positive, neutral].sort()).toEqual(["(1", "(2"]);
      const option = (mark: string) => new RegExp(`\\n${mark.slice(1)}\\. (.*)\\n`).exec(question)?.[1];
      expect(option(positive)).toMatch(/^Look at me, I say [0-9a-f]{8}\.$/);
      expect(option(neutral)).toMatch(/^Let me see, I say /);
    }
    const calls = requests.map(personaCallOf);
    const count = (call: string) => calls.filter((one) => one === call).length;
    const names = new Set(lines.map(({ question }) => /You are (\w+)/.exec(question)?.[1])).size;
    expect([count("words"), count("positive"), count("neutral"), count("reaction")]).toEqual([
      1,
      names,
      names,
      24,
    ]);
    expect(progress.counts).toEqual({ accepted: 12 });
    expect(progress.spent.calls).toBe(calls.length);
    const name = path.basename(only(folder, ".jsonl"));
    expect(name).toMatch(/^caa_dataset_20261121_1200\d\d\.jsonl$/);
    expect(checkpointIn(folder)).toMatchObject({ num_generated: 12, output_file: name, finished: true });

    const [dataset] = await listDatasets(openOutput(folder));
    expect(dataset).toMatchObject({
      personality: "Narcissism",
      samples: 12,
      finished: true,
      balance: { n: 12 },
    });
    const page = outcomesQuerySchema.parse({ work: dataset?.work, offset: 10, limit: 5 });
    const { total, outcomes, personas } = await readOutcomes(openOutput(folder), page);
    expect([total, outcomes.length]).toEqual([12, 2]);
    expect(personas).toContainEqual(expect.objectContaining({ role: "words", text: "grand, proud, vain" }));
    expect(personas.filter(({ role }) => role === "positive").length).toBeLessThanOrEqual(2);
  });

  it("holds the same samples whatever is finished first", async () => {
    const [one, many] = [newFolder(), newFolder()];
    await build(one, { workers: 1 });
    await build(many, { workers: 9 });
    expect(linesIn(many).sort()).toEqual(linesIn(one).sort());
    const other = newFolder();
    await build(other, { seed: 43 });
    expect(linesIn(other).sort()).not.toEqual(linesIn(one).sort());
  });

  it("puts each of several personalities into a folder of its own", async () => {
    const folder = newFolder();
    const personalities = ["Narcissism", "Good humour"];
    const { result } = await build(folder, { personalities, limit: 2, layout: "psyctl-new" });
    expect(result.datasets.map((dataset) => dataset.folder)).toEqual(["narcissism", "good-humour"]);
    expect(filesIn(folder, ".jsonl").map((file) => path.dirname(file))).toEqual([
      "good-humour",
      "narcissism",
    ]);
    for (const line of linesIn(folder)) {
      expect(Object.keys(JSON.parse(line))).toEqual(["situation", "char_name", "positive", "neutral"]);
    }
    expect(await listDatasets(openOutput(folder))).toHaveLength(2);
  });

  it("rejects what makes no sample and takes the next scenario, the same ones whoever is quicker", async () => {
    const bad: Behave = (request) => {
      const prompt = request.messages.at(-1)?.content ?? "";
      if (personaCallOf(request) !== "reaction") return undefined;
      if (/school play/.test(prompt)) return { kind: "text", text: "The same." };
      return /the saw/.test(prompt) ? { kind: "text", text: "1. first\n2. second" } : undefined;
    };
    const [one, many] = [newFolder(), newFolder()];
    const first = await build(one, { workers: 1 }, bad);
    await build(many, { workers: 8 }, bad);
    const rejected = { "identical reactions": 1, "reaction breaks the options": 1 };
    expect(first.result.datasets[0]).toMatchObject({ samples: 12, rejected, finished: true });
    expect(first.progress.counts).toMatchObject({ "rejected: identical reactions": 1 });
    expect(linesIn(many).sort()).toEqual(linesIn(one).sort());
  });

  it("rejects duplicates and rows without a character before anybody is asked", async () => {
    const file = path.join(home, "rows.jsonl");
    const rows = [
      { text: "Mara is late and she runs." },
      { text: "Mara is  late and She runs." },
      { text: "It rains." },
      { text: "[Situation]\n[Question]\n Mara sings." },
    ];
    writeFileSync(file, `${rows.map((row) => JSON.stringify(row)).join("\n")}\n{"text": \n`);
    const { result } = await build(newFolder(), { dataset: file, limit: null });
    expect(result.datasets[0]).toMatchObject({
      samples: 1,
      finished: true,
      rejected: {
        "duplicate scenario": 1,
        "no character": 1,
        "situation breaks the layout": 1,
        "unreadable row": 1,
      },
    });
  });
});

describe("faults", () => {
  it("of the endpoint are tried again; what stays wrong is recorded, asked again, and the rest goes on", async () => {
    const folder = newFolder();
    const faults: Behave = (request, count) => {
      if (/the saw/.test(request.messages.at(-1)?.content ?? "")) return { kind: "status", status: 400 };
      if (count % 5 === 0) return { kind: "status", status: 500 };
      if (count % 7 === 0) return { kind: "status", status: 429, headers: { "retry-after": "1" } };
      if (count % 11 === 0) return { kind: "body", body: "<html>no json</html>" };
      return count % 13 === 0 ? { kind: "hang" } : undefined;
    };
    const { result, progress } = await build(folder, { limit: 6 }, faults);
    const { failed } = result;
    expect(failed).toBeGreaterThan(0);
    expect(result.datasets[0]).toMatchObject({ samples: 6 - failed, finished: false });
    expect(progress.failures).toHaveLength(failed);
    expect(linesIn(folder)).toHaveLength(6 - failed);
    const [dataset] = await listDatasets(openOutput(folder));
    const page = outcomesQuerySchema.parse({ work: dataset?.work, kind: "failed" });
    expect((await readOutcomes(openOutput(folder), page)).outcomes[0]).toMatchObject({
      error: { code: expect.any(String) },
    });

    const again = await build(folder, { limit: 6 });
    expect(again.requests.filter((request) => personaCallOf(request) === "reaction")).toHaveLength(
      2 * failed,
    );
    expect(again.result).toMatchObject({ failed: 0, datasets: [{ samples: 6, finished: true }] });
    const calm = newFolder();
    await build(calm, { limit: 6 });
    expect(linesIn(folder).sort()).toEqual(linesIn(calm).sort());
  });

  it("that every call would meet end the build with what is finished written", async () => {
    const folder = newFolder();
    let reactions = 0;
    const refused = await caught(
      build(folder, { workers: 1 }, (request) =>
        personaCallOf(request) === "reaction" && ++reactions > 6
          ? { kind: "status", status: 401 }
          : undefined,
      ),
    );
    expect(refused.code).toBe("judge-key-missing");
    expect(linesIn(folder)).toHaveLength(3);
    expect(checkpointIn(folder)).toMatchObject({ num_generated: 3, finished: false });
    const { result } = await build(folder);
    expect(result.datasets[0]?.samples).toBe(12);
    const wordless = caught(build(newFolder(), {}, () => ({ kind: "text", text: "…" })));
    expect((await wordless).userMessage).toMatch(/describing words could not be had/);
  });

  it("a stop ends it after what is in flight, and it goes on", async () => {
    const folder = newFolder();
    const stop = new AbortController();
    let reactions = 0;
    const stopping: Behave = (request) => {
      if (personaCallOf(request) === "reaction" && ++reactions === 9) stop.abort();
      return undefined;
    };
    expect((await caught(build(folder, {}, stopping, stop.signal))).code).toBe("aborted");
    const before = linesIn(folder).filter((line) => line !== "").length;
    expect(before).toBeLessThan(12);
    const { progress } = await build(folder);
    expect(progress.phases[0]).toMatchObject({ before, done: 12, total: 12 });
    expect(new Set(linesIn(folder)).size).toBe(12);
  });
});

describe("going on", () => {
  /** A finished build of 6 and its lines. */
  async function finished() {
    const folder = newFolder();
    await build(folder, { limit: 6 });
    return { folder, lines: linesIn(folder) };
  }

  it("does nothing where all is done; a higher limit adds, other settings begin another", async () => {
    const { folder, lines } = await finished();
    const again = await build(folder, { limit: 6 });
    expect(again.requests).toEqual([]);
    expect(again.progress.notices).toEqual([expect.stringMatching(/is finished: 6 samples/)]);
    const more = await build(folder, { limit: 8 });
    expect(more.requests.filter((request) => personaCallOf(request) === "words")).toEqual([]);
    expect(linesIn(folder).slice(0, 6)).toEqual(lines);
    expect(linesIn(folder)).toHaveLength(8);
    await build(folder, { limit: 1, seed: 7 });
    expect(filesIn(folder, ".jsonl")).toHaveLength(2);
  });

  it("mends what a kill left: half lines in both files, and a line that never came", async () => {
    const { folder, lines } = await finished();
    const [dataset, work] = [only(folder, ".jsonl"), only(folder, ".work.ndjson")];
    const size = Buffer.byteLength(readFileSync(dataset));
    truncateSync(dataset, size - Buffer.byteLength(lines.at(-1) ?? "") + 20);
    appendFileSync(work, '{"kind":"sample","row":7,"id":"é'.slice(0, -1));
    appendFileSync(work, Buffer.from([0xc3]));
    const again = await build(folder, { limit: 6 });
    expect(again.requests).toEqual([]);
    expect(linesIn(folder).sort()).toEqual([...lines].sort());
    expect(readFileSync(work, "utf8")).toMatch(/\}\n$/);
  });

  it("refuses a damaged checkpoint in one line, and goes on without it", async () => {
    const { folder, lines } = await finished();
    const checkpoint = only(folder, ".checkpoint.json");
    writeFileSync(checkpoint, '{"num_generated": 6, "outp');
    const error = await caught(build(folder, { limit: 8 }));
    expect(error.userMessage).toMatch(
      /^the checkpoint caa_dataset_\S+\.checkpoint\.json is damaged: delete it and give the same command again; the 6 sound lines of caa_dataset_\S+\.jsonl stay and are counted$/,
    );
    rmSync(checkpoint);
    const { requests } = await build(folder, { limit: 8 });
    expect(requests.filter((request) => personaCallOf(request) === "reaction")).toHaveLength(4);
    expect(linesIn(folder).slice(0, 6)).toEqual(lines);
  });

  it("goes on from the dataset's own lines where nothing else is left", async () => {
    const { folder, lines } = await finished();
    const dataset = only(folder, ".jsonl");
    rmSync(only(folder, ".checkpoint.json"));
    rmSync(only(folder, ".work.ndjson"));
    appendFileSync(dataset, '{"question": "[Sit');
    const { result, requests } = await build(folder, { limit: 8 });
    expect(requests.filter((request) => personaCallOf(request) === "reaction")).toHaveLength(4);
    expect(result.datasets[0]).toMatchObject({ samples: 8, balance: { n: 8 } });
    expect(linesIn(folder).slice(0, 6)).toEqual(lines);
    expect(new Set(linesIn(folder)).size).toBe(8);
  });

  it("leaves a dataset of something else alone", async () => {
    const folder = newFolder();
    const foreign = path.join(folder, "caa_dataset_20250101_000000.jsonl");
    await build(folder, { limit: 1 });
    const line = (readFileSync(only(folder, ".jsonl"), "utf8").split("\n")[0] ?? "").replace(
      /\[Situation\]\\n/,
      "$&Elsewhere ",
    );
    writeFileSync(foreign, `${line}\n`);
    await build(folder, { limit: 2, seed: 9 });
    expect(readFileSync(foreign, "utf8")).toBe(`${line}\n`);
    expect(filesIn(folder, ".jsonl")).toHaveLength(3);
  });
});

it("a plan counts scenarios, calls and tokens, and asks nobody", async () => {
  const request = caaRequestSchema.parse({
    personalities: ["Openness", "calm"],
    limit: 20,
    teacher: { provider: "http://127.0.0.1:9/v1", models: ["gpt-4o-mini"] },
  });
  const plan = await planCaa(request, places);
  expect(plan).toMatchObject({ samples: 20, calls: { words: 2, reactions: 80 }, rows: { read: 20 } });
  expect(plan.calls.descriptions).toBe(4 * plan.characters);
  expect(plan.cost_usd).toBeGreaterThan(0);
  expect(plan.cost_usd).toBeLessThan(0.1);
});
