import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { createRng } from "#lib/core/rng.ts";
import { rowsOf } from "#lib/testing/refinery-build.ts";
import { jsonl, planLine } from "#lib/testing/refinery-data.ts";
import { refineryMarks, startRefineryServer } from "#lib/testing/refinery-server.ts";
import { startCli } from "#lib/testing/start-cli.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";

const KILLS = Number(process.env.TILLER_KILLS ?? 20);
const SEED = Number(process.env.TILLER_KILL_SEED ?? 1);
const WORKERS = 3;
const RECORDS = 8 * KILLS;

const files = ["drafts.jsonl", "critiques.jsonl", "dataset_v1.jsonl", "dataset_v1_rejected.jsonl"];

it(`${KILLS} kill -9s of tiller refine lose nothing and write nothing twice`, async () => {
  const random = createRng(SEED);
  const scratch = temporaryFolder("tiller-refine");
  const plan = path.join(scratch, "plan.jsonl");
  const out = path.join(scratch, "out");
  // Neither calls that fail nor answers that change from one time to the next.
  const marks = refineryMarks.filter((mark) => !["no-critique", "refuse", "mended"].includes(mark));
  const rows = Array.from({ length: RECORDS }, (_, at) => {
    const mark = marks[at % (2 * marks.length)];
    return planLine(`r${at}`, { marks: mark ? [mark] : [] });
  });
  writeFileSync(plan, jsonl(rows));

  let victim: ReturnType<typeof startCli> | null = null;
  let left = Number.POSITIVE_INFINITY;
  const server = await startRefineryServer({
    onAnswer() {
      left--;
      if (left === 0) victim?.process.kill("SIGKILL");
    },
  });
  const words = ["refine", "--plan", plan, "--out-dir", out, "--resume", "--json"];
  const teacher = [
    "--api-base",
    server.url,
    "--api-model",
    "m",
    "--workers",
    String(WORKERS),
    "--rpm",
    "100000",
  ];
  const start = (kill: number) => {
    left = kill;
    victim = startCli(path.join(scratch, "home"), [...words, ...teacher]);
    return victim;
  };

  try {
    for (let kills = 0; kills < KILLS; kills++) {
      expect(await start(1 + Math.floor(random() * 20)).ended).toBe("SIGKILL");
      for (const file of files) unique(path.join(out, file));
    }
    const last = start(Number.POSITIVE_INFINITY);
    expect(await last.ended, last.stderr()).toBe(0);
    const ids = files.slice(2).flatMap((file) => unique(path.join(out, file)));
    const wanted = rows.filter(({ prompt }) => !prompt.includes("[[reject]]")).map(({ id }) => id);
    expect(ids.sort()).toEqual(wanted.sort());
    expect(unique(path.join(out, "drafts.jsonl"))).toHaveLength(RECORDS);
    expect(unique(path.join(out, "critiques.jsonl"))).toHaveLength(RECORDS);
    const needed = 2 * RECORDS + wanted.length;
    // What was in flight at a kill is asked again, and nothing else.
    expect(server.requests.length).toBeLessThanOrEqual(needed + KILLS * WORKERS);
    const { stats } = JSON.parse(last.stdout());
    expect(stats.summary.total_attempted).toBe(wanted.length);
  } finally {
    await server.close();
  }
});

/** The ids of a file's lines. Throws where one is no JSON. */
function unique(file: string): string[] {
  const ids = rowsOf(file).map(({ id }) => String(id));
  expect(new Set(ids).size, file).toBe(ids.length);
  return ids;
}
