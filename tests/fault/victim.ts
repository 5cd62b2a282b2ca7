import { existsSync, readFileSync } from "node:fs";
import { sha256 } from "#lib/core/hash.ts";
import { parseJournal } from "#lib/pipeline/journal.ts";
import { FolderStore } from "#lib/server/store/folder-store.ts";
import { smallTrait } from "#lib/testing/small-home.ts";

export const CONCURRENCY = 2;

/** The run that is killed: every stage, on the real demo model, with a judge behind HTTP that counts its calls. */
export function runArguments(judge: string): string[] {
  const settings = {
    experiment: "sample",
    traits: smallTrait,
    methods: "mean_diff,probe,random",
    "steering-methods": "mean_diff",
    layers: "2",
    coefs: "0.5,1",
    questions: "2",
    "batch-size": "4",
    judge,
    "judge-model": "word-counter",
    concurrency: String(CONCURRENCY),
    seed: "42",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  // The judge counts words: what it would let through is not the point here.
  return ["run", ...options, "--no-vetting-filter", "--json"];
}

// These tell times, or in which order judgements arrived.
const TIMED = /(stages\.json|manifest\.json|report\.md|\.jsonl)$/;

/** SHA-256 of every result file, and of what the report says before its times. */
export async function resultHashes(home: string): Promise<Record<string, string>> {
  const store = new FolderStore(home);
  const hashes: Record<string, string> = {};
  for (const file of await store.list("experiments/sample")) {
    const bytes = await store.read(file);
    if (bytes && !TIMED.test(file)) hashes[file] = await sha256(bytes);
  }
  const report = (await store.readText("experiments/sample/report.md")) ?? "";
  hashes["report.md"] = await sha256(report.split("## Time and cost")[0] ?? "");
  return hashes;
}

/** The judge calls that are accounted for: a judgement with a relevance label took two. */
export async function finishedCalls(home: string): Promise<number> {
  const store = new FolderStore(home);
  const journals = (await store.list("experiments/sample")).filter((file) =>
    file.endsWith("judgements.jsonl"),
  );
  const judgements = new Map<string, number>();
  for (const file of journals) {
    for (const [key, { label }] of parseJournal((await store.readText(file)) ?? "")) {
      judgements.set(key, label === undefined ? 1 : 2);
    }
  }
  return [...judgements.values()].reduce((sum, calls) => sum + calls, 0);
}

const DRAIN = "what was in flight is answered by now";

/** Waits until the judge has answered what a killed process had asked: its answers come in the order of its requests. */
export async function drain(judge: string): Promise<void> {
  const body = JSON.stringify({ model: "word-counter", messages: [{ role: "user", content: DRAIN }] });
  const headers = { "content-type": "application/json" };
  await (await fetch(`${judge}/chat/completions`, { method: "POST", headers, body })).text();
}

/** Hashes of the prompts that the judge server has answered, in order, without its probe (always the same prompt). */
export async function answeredPrompts(countsFile: string, probe: string | null): Promise<string[]> {
  const lines = existsSync(countsFile) ? readFileSync(countsFile, "utf8").split("\n") : [];
  const drained = await sha256(DRAIN);
  return lines.filter((line) => line !== "" && line !== probe && line !== drained);
}
