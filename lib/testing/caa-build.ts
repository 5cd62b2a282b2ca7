import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { BuildPorts } from "#lib/builds/ports.ts";
import { ProgressTracker } from "#lib/builds/progress.ts";
import { type CaaRequestInput, caaRequestSchema } from "#lib/caa/request.ts";
import { AppError } from "#lib/core/errors.ts";
import type { JudgePorts } from "#lib/judge/contract.ts";
import { createOpenAiTransport } from "#lib/judge/openai-transport.ts";
import { openOutput } from "#lib/server/builds/output.ts";
import { runCaa } from "#lib/server/caa/run.ts";
import { createTeacher } from "#lib/teacher/teacher.ts";
import { type Behaviour, type ChatRequest, startJudgeServer } from "./judge-server.ts";
import { personaReply } from "./persona-teacher.ts";
import { temporaryFolder } from "./temporary.ts";

// CAA builds against a real server, and what lies in their folders.

export const home = temporaryFolder("tiller-caa");
let folders = 0;

/** How a call is answered; undefined: as `personaReply` does. */
export type Behave = (request: ChatRequest, count: number) => Behaviour | undefined;
export const places = { home, folder: home, anyFile: true, hubToken: async () => undefined };
export const newFolder = () => path.join(home, `out-${++folders}`);
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

/** One build; how its folder is left is looked at afterwards. */
export async function buildCaa(
  folder: string,
  own: Partial<CaaRequestInput> & { workers?: number; timeoutMs?: number } = {},
  behave: Behave = () => undefined,
  signal?: AbortSignal,
) {
  const server = await startJudgeServer({
    behave: (request, count) => behave(request, count) ?? { kind: "text", text: personaReply(request) },
  });
  const { workers = 4, timeoutMs = 30_000, ...rest } = own;
  const request = caaRequestSchema.parse({
    personalities: ["Narcissism"],
    limit: 12,
    ...rest,
    // The address is recorded: the same one each time.
    teacher: { provider: "http://teacher.test/v1", models: ["m"], workers },
  });
  const transport = createOpenAiTransport({ baseUrl: server.url, model: "m", role: "teacher", timeoutMs });
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

export const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail("it did not throw"),
    (error: unknown) => AppError.from(error),
  );
export const filesIn = (folder: string, end: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(end))
    .sort();
export const linesIn = (folder: string) =>
  filesIn(folder, ".jsonl").flatMap((file) =>
    readFileSync(path.join(folder, file), "utf8").trim().split("\n"),
  );
/** The only file of the folder that ends so. */
export const only = (folder: string, end: string) => {
  const [file, ...others] = filesIn(folder, end);
  expect(others).toEqual([]);
  return path.join(folder, file ?? "");
};
export const checkpointIn = (folder: string) =>
  JSON.parse(readFileSync(only(folder, ".checkpoint.json"), "utf8"));
