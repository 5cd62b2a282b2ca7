import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { BuildPorts } from "#lib/builds/ports.ts";
import { AppError } from "#lib/core/errors.ts";
import { stopsRun } from "#lib/judge/errors.ts";
import { teacherSettingsSchema } from "#lib/teacher/settings.ts";
import { type Behaviour, type JudgeServer, startJudgeServer } from "#lib/testing/judge-server.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { createNodeEngines } from "../engine/engines.ts";
import { LendingHub } from "../lending/hub.ts";
import { createRunEngines } from "../lending/run-engines.ts";
import { openLog } from "../log.ts";
import { FolderStore } from "../store/folder-store.ts";
import { createTeachers } from "../teachers.ts";
import { BuildBin } from "./bin.ts";
import { BuildFolders } from "./folders.ts";
import { buildKind } from "./kinds.ts";
import { lockOutput } from "./output.ts";
import { BuildService } from "./service.ts";
import { BuildUploads } from "./uploads.ts";

// The jobs themselves, with the smallest builder: it asks for one line after the other and appends what comes.

const schema = z.object({
  lines: z.number(),
  teacher: teacherSettingsSchema,
  reads: z.array(z.string()).default([]),
});
type Wish = z.output<typeof schema>;

async function writeLines({ lines }: Wish, { output, teacher, progress }: BuildPorts): Promise<void> {
  progress.plan([{ name: "write", unit: "lines", total: lines }]);
  const before = ((await output.readText("lines.txt")) ?? "").split("\n").length - 1;
  progress.begin("write", lines, before);
  for (let at = before; at < lines; at++) {
    const messages = [{ role: "user" as const, content: `line ${at}` }];
    const request = { messages, maxTokens: 4, temperature: 0, seed: at };
    const answer = await teacher.ask(request).catch((error: unknown) => AppError.from(error));
    if (answer instanceof AppError && stopsRun(answer)) throw answer;
    if (answer instanceof AppError) return progress.failed(`line ${at}`, answer);
    await output.append("lines.txt", `${answer.text}\n`);
    progress.step("write");
    progress.spent(teacher.spent());
  }
  progress.end("write");
}

const home = temporaryFolder();
const kinds = {
  caa: buildKind<Wish>({
    schema,
    uploads: ["in.jsonl", "more.jsonl"],
    teacherOf: ({ teacher }) => teacher,
    reads: ({ reads }) => reads,
    run: writeLines,
  }),
};
const engines = createNodeEngines({ home, threads: 1 });
let behave: (prompt: string) => Behaviour;
let server: JudgeServer;
let builds: BuildService;
let folders: BuildFolders;
let uploads: BuildUploads;
let bin: BuildBin;

beforeAll(async () => {
  server = await startJudgeServer({ behave: ({ messages }) => behave(messages.at(-1)?.content ?? "") });
});
afterEach(() => builds.stopAll());
afterAll(async () => {
  await server.close();
  await engines.dispose();
});

/** As a server that has just started. */
async function open(): Promise<void> {
  const hub = new LendingHub({ now: () => new Date(), randomId: () => "lease" });
  const teachers = createTeachers({
    engines: createRunEngines(engines, hub, { home }),
    places: { home },
    keys: { keyFor: async () => undefined },
  });
  const store = new FolderStore(home);
  folders = new BuildFolders(store);
  uploads = new BuildUploads(store, folders, kinds);
  builds = new BuildService({
    home,
    folders,
    uploads,
    teachers,
    hubToken: async () => undefined,
    kinds,
    now: () => new Date(),
    log: openLog(home),
  });
  let last = 0;
  const randomId = () => (++last).toString(16).padStart(8, "0");
  bin = new BuildBin({ store, folders, builds, kinds, now: () => new Date("2026-01-01"), randomId });
  await builds.recover();
}

const echo = (prompt: string): Behaviour => ({ kind: "text", text: prompt });
const wish = (teacher: object = {}, own: object = {}) => ({
  lines: 3,
  teacher: { provider: server.url, models: ["m"], ...teacher },
  ...own,
});
const state = (name: string) => builds.get("caa", name).then((build) => build.state);
const written = (name: string) => readFileSync(path.join(home, "datasets/caa", name, "lines.txt"), "utf8");
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    (error: unknown) => AppError.from(error).code,
  );

describe("builds", () => {
  it("write their folder and tell how far they are", async () => {
    behave = echo;
    await open();
    const begun = await builds.create("caa", "first", wish());
    expect(begun).toMatchObject({ kind: "caa", name: "first", state: "running", device: null });
    await expect.poll(() => state("first")).toBe("done");
    expect(written("first")).toBe("line 0\nline 1\nline 2\n");
    const build = await builds.get("caa", "first");
    expect(build.progress.phases).toMatchObject([{ name: "write", done: 3, total: 3, before: 0 }]);
    expect(build.progress.spent).toMatchObject({ calls: 3 });
    expect(await folders.files("caa", "first")).toMatchObject([{ name: "lines.txt", bytes: 21 }]);
    await open();
    expect((await builds.list("caa")).map(({ name }) => name)).toEqual(["first"]);
    expect(await codeOf(builds.create("caa", "first", wish()))).toBe("conflict");
    expect(await codeOf(builds.act("caa", "first", "resume"))).toBe("conflict");
  });

  it("stop after what is in flight, and go on from there", async () => {
    let hold = true;
    behave = (prompt) => (hold && prompt === "line 1" ? { kind: "hang" } : echo(prompt));
    await open();
    await builds.create("caa", "held", wish());
    await expect.poll(() => existsSync(path.join(home, "datasets/caa/held/lines.txt"))).toBe(true);
    expect(await builds.stateOf("build-caa-held")).toBe("running");
    expect((await builds.act("caa", "held", "stop")).state).toBe("stopped");
    expect(await builds.stateOf("build-caa-held")).toBe("paused");
    hold = false;
    await builds.act("caa", "held", "resume");
    await expect.poll(() => state("held")).toBe("done");
    expect(written("held")).toBe("line 0\nline 1\nline 2\n");
  });

  it("go on by themselves when the server comes back", async () => {
    let hold = true;
    behave = (prompt) => (hold && prompt === "line 2" ? { kind: "hang" } : echo(prompt));
    await open();
    await builds.create("caa", "cut", wish());
    await expect.poll(() => existsSync(path.join(home, "datasets/caa/cut/lines.txt"))).toBe(true);
    await builds.stopAll();
    hold = false;
    await open();
    await expect.poll(() => state("cut")).toBe("done");
    expect(written("cut")).toBe("line 0\nline 1\nline 2\n");
  });

  it("say why they failed, and may be tried again", async () => {
    behave = () => ({ kind: "status", status: 404 });
    await open();
    await builds.create("caa", "lost", wish());
    await expect.poll(() => state("lost")).toBe("failed");
    expect((await builds.get("caa", "lost")).error?.message).toContain("knows no model m");
    behave = echo;
    await builds.act("caa", "lost", "resume");
    await expect.poll(() => state("lost")).toBe("done");
  });

  it("ask again for what failed, and for nothing else", async () => {
    let refused = true;
    behave = (prompt) =>
      refused && prompt === "line 1" ? { kind: "status", status: 400 } : { kind: "text", text: prompt };
    await open();
    await builds.create("caa", "gaps", wish());
    await expect.poll(() => state("gaps")).toBe("done");
    expect((await builds.get("caa", "gaps")).progress.failures).toMatchObject([{ item: "line 1" }]);
    refused = false;
    await builds.act("caa", "gaps", "resume");
    await expect.poll(() => written("gaps")).toBe("line 0\nline 1\nline 2\n");
    await expect.poll(() => state("gaps")).toBe("done");
    expect(await codeOf(builds.act("caa", "gaps", "resume"))).toBe("conflict");
  });

  it("refuse what cannot be begun, before anything is written", async () => {
    await open();
    expect(await codeOf(builds.create("caa", "../out", wish()))).toBe("usage");
    expect(await codeOf(builds.create("refinery", "x", wish()))).toBe("not-found");
    const builtin = { provider: "builtin", models: ["missing"] };
    expect(await codeOf(builds.create("caa", "x", wish(builtin)))).toBe("not-found");
    await expect(builds.create("caa", "x", { lines: "many" })).rejects.toThrow(z.ZodError);
    expect(existsSync(path.join(home, "datasets/caa/x"))).toBe(false);
  });

  it("take inputs before they begin, and none after", async () => {
    behave = echo;
    await open();
    const data = new TextEncoder().encode("{}\n");
    const part = { name: "mine.jsonl", size: 3, modified: 1, offset: 0 };
    expect(await uploads.part("caa", "fed", "in.jsonl", part, data)).toEqual({ received: 3, complete: true });
    expect(await codeOf(uploads.part("caa", "fed", "../in.jsonl", part, data))).toBe("usage");
    await uploads.part("caa", "fed", "more.jsonl", { ...part, size: 9 }, data);
    await builds.create("caa", "fed", wish());
    expect(await codeOf(uploads.part("caa", "fed", "in.jsonl", part, data))).toBe("conflict");
    expect(readdirSync(path.join(home, "datasets/caa/fed/.tiller/uploads"))).toEqual([
      "in.jsonl.json",
      "more.jsonl.json",
    ]);
    expect((await folders.files("caa", "fed")).map(({ name }) => name)).toContain("in.jsonl");
    await expect.poll(() => state("fed")).toBe("done");
    expect(await codeOf(folders.file("caa", "fed", "build.json"))).toBe("not-found");
  });

  it("share no folder", async () => {
    await open();
    const lock = lockOutput(path.join(home, "datasets/caa/taken"), "tiller caa build");
    expect(await codeOf(builds.create("caa", "taken", wish()))).toBe("locked");
    lock.release();
    behave = echo;
    await builds.create("caa", "taken", wish());
    await expect.poll(() => state("taken")).toBe("done");
  });

  it("are moved to a bin and back, with all that they wrote", async () => {
    behave = echo;
    await open();
    await builds.create("caa", "gone", wish());
    await expect.poll(() => state("gone")).toBe("done");
    const entry = await bin.remove("caa", "gone");
    expect(await codeOf(builds.get("caa", "gone"))).toBe("not-found");
    expect(await bin.list("refinery")).toEqual([]);
    await builds.create("caa", "gone", wish({}, { lines: 1 }));
    await expect.poll(() => state("gone")).toBe("done");
    expect(await codeOf(bin.restore("caa", entry))).toBe("conflict");
    const second = await bin.remove("caa", "gone");
    const deleted_at = "2026-01-01T00:00:00.000Z";
    expect(await bin.list("caa")).toEqual([
      { id: second, name: "gone", deleted_at },
      { id: entry, name: "gone", deleted_at },
    ]);
    expect(await bin.restore("caa", entry)).toBe("gone");
    expect(written("gone")).toBe("line 0\nline 1\nline 2\n");
    expect(await bin.restore("caa", second, "other")).toBe("other");
    expect(await state("other")).toBe("done");
    expect(await bin.list("caa")).toEqual([]);
    expect(await codeOf(bin.restore("caa", entry))).toBe("not-found");
    expect(await codeOf(bin.restore("caa", "../.."))).toBe("not-found");
    const lock = lockOutput(path.join(home, "datasets/caa/other"), "tiller caa build");
    lock.release();
  });

  it("stay while they run, while a running one reads their files, and while a command writes them", async () => {
    behave = echo;
    await open();
    await builds.create("caa", "source", wish());
    await expect.poll(() => state("source")).toBe("done");
    behave = () => ({ kind: "hang" });
    await builds.create("caa", "reader", wish({}, { reads: ["../source/lines.txt"] }));
    await expect(bin.remove("caa", "reader")).rejects.toThrow("build reader is running: stop it first");
    await expect(bin.remove("caa", "source")).rejects.toThrow("build reader reads files of source");
    await builds.act("caa", "reader", "stop");
    const lock = lockOutput(path.join(home, "datasets/caa/source"), "tiller caa build");
    expect(await codeOf(bin.remove("caa", "source"))).toBe("locked");
    lock.release();
    expect(await codeOf(bin.remove("caa", "none"))).toBe("not-found");
    await bin.remove("caa", "source");
    await bin.remove("caa", "reader");
    expect(await bin.list("caa")).toHaveLength(2);
  });
});
