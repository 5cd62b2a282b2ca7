import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRng } from "#lib/core/rng.ts";
import { removeHome, root, temporaryHome } from "../support/server.ts";

// A real run of the real command line on the demo model is killed (SIGKILL) at random moments and started again.
// `TILLER_KILLS=20 npm test -- fault` is the long form.
const kills = Number(process.env.TILLER_KILLS ?? 5);
const concurrency = 4;
const trait = "fault/optimism";

/** Times and orders differ between runs; everything else must be equal byte for byte. */
const timed = new Set(["manifest.json", "report.md", "stages.json", "judgements.jsonl"]);

interface Judge {
  url: string;
  counts: string;
  process: ChildProcess;
}

async function startJudge(home: string): Promise<Judge> {
  const counts = path.join(home, "answers.txt");
  await writeFile(counts, "");
  const child = spawn(process.execPath, [path.join(root, "lib/testing/judge-server-main.ts"), counts, "15"], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((resolve) => {
    child.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text.trim()));
  });
  return { url, counts, process: child };
}

async function prepareHome(): Promise<string> {
  const home = await temporaryHome();
  const target = path.join(home, "datasets/traits", trait);
  await mkdir(target, { recursive: true });
  const source = path.join(root, "datasets/traits/demo/optimism");
  for (const file of ["positive.txt", "negative.txt"]) {
    const lines = (await readFile(path.join(source, file), "utf8")).split("\n").slice(0, 12);
    await writeFile(path.join(target, file), `${lines.join("\n")}\n`);
  }
  for (const file of ["definition.txt", "steering.json"]) {
    await writeFile(path.join(target, file), await readFile(path.join(source, file)));
  }
  const experiment = path.join(home, "experiments/fault");
  await mkdir(experiment, { recursive: true });
  await writeFile(
    path.join(experiment, "config.json"),
    JSON.stringify({ extraction_model: "demo", base_model: true, traits: [trait], vetting_filter: false }),
  );
  return home;
}

function startRun(home: string, judge: Judge): ChildProcess {
  const options =
    `run --experiment fault --judge ${judge.url} --judge-model test --concurrency ${concurrency} ` +
    "--questions 3 --layers 1,2 --coefs 0.3,0.6 --json";
  return spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", path.join(root, "lib/cli/main.ts"), ...options.split(" ")],
    {
      cwd: root,
      env: { ...process.env, TILLER_ROOT: root, TILLER_HOME: home },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
}

function exitOf(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (output += text));
  return new Promise((resolve) => child.once("exit", (code) => resolve({ code, output })));
}

/** Result files by path, without those that tell times. */
async function resultsOf(home: string): Promise<Map<string, string>> {
  const folder = path.join(home, "experiments/fault");
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const kept = files.filter(({ name }) => !timed.has(name));
  const entries = await Promise.all(
    kept.map(async ({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      return [path.relative(folder, file), (await readFile(file)).toString("base64")] as const;
    }),
  );
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function answersOf(judge: Judge): Promise<string[]> {
  return (await readFile(judge.counts, "utf8")).split("\n").filter((line) => line !== "");
}

describe("kill -9", () => {
  let calm: { home: string; judge: Judge };
  let harassed: { home: string; judge: Judge };

  beforeAll(async () => {
    const calmHome = await prepareHome();
    const harassedHome = await prepareHome();
    calm = { home: calmHome, judge: await startJudge(calmHome) };
    harassed = { home: harassedHome, judge: await startJudge(harassedHome) };
  });

  afterAll(async () => {
    for (const { home, judge } of [calm, harassed]) {
      judge.process.kill("SIGTERM");
      await removeHome(home);
    }
  });

  it(`${kills} times at random moments: the run resumes, repeats no finished judgement, and ends with equal files`, async () => {
    const began = performance.now();
    const undisturbed = await exitOf(startRun(calm.home, calm.judge));
    const duration = performance.now() - began;
    expect(undisturbed.code, undisturbed.output).toBe(0);

    const rng = createRng(20);
    let done = 0;
    while (done < kills) {
      const child = startRun(harassed.home, harassed.judge);
      const ended = exitOf(child);
      // Kills fall anywhere from the opening of the database to past the end of what is left to do.
      const timer = setTimeout(() => child.kill("SIGKILL"), rng() * duration);
      const { code, output } = await ended;
      clearTimeout(timer);
      expect([0, null], output).toContain(code);
      done += 1;
    }
    const last = await exitOf(startRun(harassed.home, harassed.judge));
    expect(last.code, last.output).toBe(0);

    expect([...(await resultsOf(harassed.home))]).toEqual([...(await resultsOf(calm.home))]);
    const answers = await answersOf(harassed.judge);
    const once = await answersOf(calm.judge);
    expect(new Set(answers)).toEqual(new Set(once));
    // A kill may lose what is in flight: at most one item a slot, two calls an item, and the probe of each start.
    expect(answers.length - new Set(answers).size).toBeLessThanOrEqual(kills * (concurrency * 2 + 1));
  });
});
