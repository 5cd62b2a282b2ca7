import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type OutcomesQuery, outcomesQuerySchema } from "#lib/caa/api.ts";
import { caaRequestSchema } from "#lib/caa/request.ts";
import { DatasetResults } from "#lib/caa/results.ts";
import {
  type Behave,
  buildCaa,
  caught,
  checkpointIn,
  filesIn,
  home,
  linesIn,
  newFolder,
  only,
  places,
} from "#lib/testing/caa-build.ts";
import { personaCallOf } from "#lib/testing/persona-teacher.ts";
import { openOutput } from "../builds/output.ts";
import { planCaa } from "./run.ts";

const results = new DatasetResults();
const listDatasets = (folder: string) => results.list(folder, openOutput(folder));
const readOutcomes = (folder: string, query: OutcomesQuery) =>
  results.page(folder, openOutput(folder), query);

describe("a build", () => {
  it("writes contrasts of both characters, asking for words and descriptions once", async () => {
    const folder = newFolder();
    const { result, progress, requests } = await buildCaa(folder);
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

    const [dataset] = await listDatasets(folder);
    expect(dataset).toMatchObject({
      personality: "Narcissism",
      samples: 12,
      finished: true,
      balance: { n: 12 },
    });
    const page = outcomesQuerySchema.parse({ work: dataset?.work, offset: 10, limit: 5 });
    const { total, outcomes, personas } = await readOutcomes(folder, page);
    expect([total, outcomes.length]).toEqual([12, 2]);
    expect(personas).toContainEqual(expect.objectContaining({ role: "words", text: "grand, proud, vain" }));
    expect(personas.filter(({ role }) => role === "positive").length).toBeLessThanOrEqual(2);
  });

  it("holds the same samples whatever is finished first", async () => {
    const [one, many] = [newFolder(), newFolder()];
    await buildCaa(one, { workers: 1 });
    await buildCaa(many, { workers: 9 });
    expect(linesIn(many).sort()).toEqual(linesIn(one).sort());
    const other = newFolder();
    await buildCaa(other, { seed: 43 });
    expect(linesIn(other).sort()).not.toEqual(linesIn(one).sort());
  });

  it("puts each of several personalities into a folder of its own", async () => {
    const folder = newFolder();
    const personalities = ["Narcissism", "Good humour"];
    const { result } = await buildCaa(folder, { personalities, limit: 2, layout: "psyctl-new" });
    expect(result.datasets.map((dataset) => dataset.folder)).toEqual(["narcissism", "good-humour"]);
    expect(filesIn(folder, ".jsonl").map((file) => path.dirname(file))).toEqual([
      "good-humour",
      "narcissism",
    ]);
    for (const line of linesIn(folder)) {
      expect(Object.keys(JSON.parse(line))).toEqual(["situation", "char_name", "positive", "neutral"]);
    }
    expect(await listDatasets(folder)).toHaveLength(2);
  });

  it("rejects what makes no sample and takes the next scenario, the same ones whoever is quicker", async () => {
    const bad: Behave = (request) => {
      const prompt = request.messages.at(-1)?.content ?? "";
      if (personaCallOf(request) !== "reaction") return undefined;
      if (/school play/.test(prompt)) return { kind: "text", text: "The same." };
      return /the saw/.test(prompt) ? { kind: "text", text: "1. first\n2. second" } : undefined;
    };
    const [one, many] = [newFolder(), newFolder()];
    const first = await buildCaa(one, { workers: 1 }, bad);
    await buildCaa(many, { workers: 8 }, bad);
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
    const { result } = await buildCaa(newFolder(), { dataset: file, limit: null });
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
    const { result, progress } = await buildCaa(folder, { limit: 6, timeoutMs: 500 }, faults);
    const { failed } = result;
    expect(failed).toBeGreaterThan(0);
    expect(result.datasets[0]).toMatchObject({ samples: 6 - failed, finished: false });
    expect(progress.failures).toHaveLength(failed);
    expect(linesIn(folder)).toHaveLength(6 - failed);
    const [dataset] = await listDatasets(folder);
    const page = outcomesQuerySchema.parse({ work: dataset?.work, kind: "failed" });
    expect((await readOutcomes(folder, page)).outcomes[0]).toMatchObject({
      error: { code: expect.any(String) },
    });

    const again = await buildCaa(folder, { limit: 6 });
    expect(again.requests.filter((request) => personaCallOf(request) === "reaction")).toHaveLength(
      2 * failed,
    );
    expect(again.result).toMatchObject({ failed: 0, datasets: [{ samples: 6, finished: true }] });
    const calm = newFolder();
    await buildCaa(calm, { limit: 6 });
    expect(linesIn(folder).sort()).toEqual(linesIn(calm).sort());
  });

  it("that every call would meet end the build with what is finished written", async () => {
    const folder = newFolder();
    let reactions = 0;
    const refused = await caught(
      buildCaa(folder, { workers: 1 }, (request) =>
        personaCallOf(request) === "reaction" && ++reactions > 6
          ? { kind: "status", status: 401 }
          : undefined,
      ),
    );
    expect(refused.code).toBe("judge-key-missing");
    expect(linesIn(folder)).toHaveLength(3);
    expect(checkpointIn(folder)).toMatchObject({ num_generated: 3, finished: false });
    const { result } = await buildCaa(folder);
    expect(result.datasets[0]?.samples).toBe(12);
    const wordless = caught(buildCaa(newFolder(), {}, () => ({ kind: "text", text: "…" })));
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
    expect((await caught(buildCaa(folder, {}, stopping, stop.signal))).code).toBe("aborted");
    const before = linesIn(folder).filter((line) => line !== "").length;
    expect(before).toBeLessThan(12);
    const { progress } = await buildCaa(folder);
    expect(progress.phases[0]).toMatchObject({ before, done: 12, total: 12 });
    expect(new Set(linesIn(folder)).size).toBe(12);
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
