import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { createRng } from "#lib/core/rng.ts";
import { startJudgeServer } from "#lib/testing/judge-server.ts";
import { personaReply } from "#lib/testing/persona-teacher.ts";
import { startCli } from "#lib/testing/start-cli.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";

/** `npm test` kills five times; TILLER_KILLS=20 is the whole proof. */
const KILLS = Number(process.env.TILLER_KILLS ?? 5);
const SEED = Number(process.env.TILLER_KILL_SEED ?? 1);
const SAMPLES = 80;
const WORKERS = 4;
/** A sample takes two calls for its reactions, and may be the first of its character: two for descriptions. */
const CALLS_IN_FLIGHT = 4 * WORKERS;

const scratch = temporaryFolder("tiller-caa-fault");
const home = path.join(scratch, "home");

function linesIn(folder: string, end: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(end));
  expect(files.length).toBeLessThanOrEqual(1);
  return files.flatMap((file) =>
    readFileSync(path.join(folder, file), "utf8")
      .split("\n")
      .filter((line) => line !== ""),
  );
}

it(`a dataset that was killed ${KILLS} times holds every sample once, and nothing finished is asked again`, async () => {
  const random = createRng(SEED);
  let onRequest = () => {};
  const server = await startJudgeServer({
    latencyMs: 10,
    behave(request) {
      onRequest();
      return { kind: "text", text: personaReply(request) };
    },
  });
  const command = (folder: string) => [
    ...["caa", "build", "--personality", "Narcissism", "--output", folder, "--api-base", server.url],
    ...["--api-model", "m", "--workers", String(WORKERS), "--limit-samples", String(SAMPLES)],
    ...["--checkpoint-interval", "7"],
  ];
  const calm = path.join(scratch, "calm");
  const undisturbed = startCli(home, command(calm));
  expect(await undisturbed.ended, undisturbed.stderr()).toBe(0);
  const expected = linesIn(calm, ".jsonl").sort();
  expect(expected).toHaveLength(SAMPLES);
  const calls = server.requests.length;

  let kills = 0;
  let builds = 0;
  const told: string[] = [];
  while (kills < KILLS) {
    const folder = path.join(scratch, `killed-${++builds}`);
    const before = server.requests.length;
    let killed = 0;
    for (let ended = false; !ended; ) {
      const victim = startCli(home, command(folder));
      // So many calls into its work, whatever the machine is busy with.
      let left = kills < KILLS ? 1 + Math.floor((random() * calls) / 3) : Number.POSITIVE_INFINITY;
      onRequest = () => {
        if (--left === 0) victim.process.kill("SIGKILL");
      };
      const outcome = await victim.ended;
      ended = outcome !== "SIGKILL";
      if (ended) expect(outcome, victim.stderr()).toBe(0);
      else {
        kills++;
        killed++;
      }
      told.push(`${outcome}: ${linesIn(folder, ".jsonl").length} lines`);
    }
    expect(linesIn(folder, ".jsonl").sort(), told.join("\n")).toEqual(expected);
    const asked = server.requests.length - before;
    expect(asked, told.join("\n")).toBeLessThanOrEqual(calls + killed * CALLS_IN_FLIGHT);
  }
  console.log(`${kills} kills, ${builds} builds completed\n${told.join("\n")}`);
  await server.close();
});
