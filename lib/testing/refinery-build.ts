import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ProgressTracker } from "#lib/builds/progress.ts";
import { createOpenAiTransport } from "#lib/judge/openai-transport.ts";
import { buildRefinery } from "#lib/refinery/build.ts";
import { refineryRequestSchema } from "#lib/refinery/request.ts";
import { openLineFile } from "#lib/server/builds/line-file.ts";
import { lockOutput } from "#lib/server/builds/output.ts";
import { createTeacher } from "#lib/teacher/teacher.ts";
import { noWaiting } from "./fake-judge.ts";
import { jsonl } from "./refinery-data.ts";

/** Rows of a JSON Lines file; none where it is not there. */
export function rowsOf(file: string): Record<string, unknown>[] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

type Rows = readonly unknown[];

/** A build in a folder of its own, with the real teacher over HTTP; waits between attempts take no time. */
export class RefineryBuild {
  readonly folder: string;
  readonly #url: string;
  readonly #inputs: { plan: Rows; drafts?: Rows; critiques?: Rows };

  constructor(folder: string, url: string, inputs: { plan: Rows; drafts?: Rows; critiques?: Rows }) {
    this.folder = folder;
    this.#url = url;
    this.#inputs = inputs;
    mkdirSync(`${folder}/in`, { recursive: true });
    for (const [name, rows] of Object.entries(inputs)) writeFileSync(this.#input(name), jsonl(rows));
  }

  /** Starts it with these options over the defaults. */
  async start(
    own: object = {},
    { models = ["m"], signal }: { models?: string[]; signal?: AbortSignal } = {},
  ) {
    const [first = "m", ...others] = models;
    const transportOf = (model: string) =>
      createOpenAiTransport({ baseUrl: this.#url, model, role: "teacher" });
    const teacher = createTeacher({
      provider: new URL(this.#url).host,
      transports: [transportOf(first), ...others.map(transportOf)],
      limits: { concurrency: 4, maxAttempts: 3 },
      ports: noWaiting,
      signal,
    });
    const request = refineryRequestSchema.parse({
      plan: "plan",
      teacher: { provider: this.#url, models },
      ...own,
    });
    const given = (name: "plan" | "drafts" | "critiques") =>
      this.#inputs[name]
        ? { path: `in/${name}.jsonl`, file: openLineFile(this.#input(name), `${name}.jsonl`) }
        : null;
    const inputs = {
      plan: request.plan === null ? null : given("plan"),
      drafts: given("drafts"),
      critiques: given("critiques"),
    };
    const now = () => new Date();
    const progress = new ProgressTracker(now);
    const output = lockOutput(this.folder, "a test");
    try {
      const result = await buildRefinery(request, inputs, { output, teacher, progress, now, signal });
      return { ...result, progress: progress.progress };
    } finally {
      output.release();
    }
  }

  rows(file: string) {
    return rowsOf(path.join(this.folder, file));
  }

  json(file: string) {
    return JSON.parse(readFileSync(path.join(this.folder, file), "utf8"));
  }

  /** The ids with an outcome, sorted. */
  ids() {
    const of = (file: string) =>
      this.rows(file)
        .map(({ id }) => String(id))
        .sort();
    return { accepted: of("dataset_v1.jsonl"), rejected: of("dataset_v1_rejected.jsonl") };
  }

  #input(name: string): string {
    return path.join(this.folder, "in", `${name}.jsonl`);
  }
}
