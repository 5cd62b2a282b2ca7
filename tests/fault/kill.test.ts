import { cpSync, rmSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { createRng } from "#lib/core/rng.ts";
import { startNode } from "#lib/testing/children.ts";
import { prepareSmallHome } from "#lib/testing/small-home.ts";
import { startCli } from "#lib/testing/start-cli.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { answeredPrompts, CONCURRENCY, drain, finishedCalls, resultHashes, runArguments } from "./victim.ts";

/** `npm test` kills five times; TILLER_KILLS=20 is the whole proof. */
const KILLS = Number(process.env.TILLER_KILLS ?? 5);
const SEED = Number(process.env.TILLER_KILL_SEED ?? 1);
/** A coherence judgement takes two calls. */
const CALLS_IN_FLIGHT = 2 * CONCURRENCY;
const LATENCY = "40";

const scratch = temporaryFolder("tiller-fault");
const counts = path.join(scratch, "counts");

/** A copy of the template: the same files and an empty database. */
let homes = 0;
function freshHome(template: string): string {
  homes += 1;
  const home = path.join(scratch, `home-${homes}`);
  cpSync(template, home, { recursive: true });
  return home;
}

it(`ends as an undisturbed run after ${KILLS} kill -9s, and asks the judge for nothing finished again`, async () => {
  const random = createRng(SEED);
  const template = path.join(scratch, "template");
  prepareSmallHome(template);
  const planned = startCli(template, ["run", "--experiment", "sample", "--dry-run"]);
  expect(await planned.ended, planned.stderr()).toBe(0);

  // One judge for all: its address is in the results.
  const judge = startNode(path.resolve("lib/testing/judge-server-main.ts"), [counts, LATENCY]);
  await judge.until(/http\S+/);
  const url = judge.stdout().trim();
  const words = runArguments(url);
  const calm = freshHome(template);
  const begun = performance.now();
  const undisturbed = startCli(calm, words);
  expect(await undisturbed.ended, undisturbed.stderr()).toBe(0);
  const duration = performance.now() - begun;
  const expected = await resultHashes(calm);
  expect(Object.keys(expected).length).toBeGreaterThan(10);
  const [probe = null] = await answeredPrompts(counts, null);
  const calls = await answeredPrompts(counts, probe);
  expect(new Set(calls).size).toBe(calls.length);
  expect(await finishedCalls(calm)).toBe(calls.length);

  let home = freshHome(template);
  let before = (await answeredPrompts(counts, probe)).length;
  let kills = 0;
  let completions = 0;
  let answered = 0;
  let finished = 0;
  const told: string[] = [];
  for (;;) {
    const last = kills >= KILLS;
    const victim = startCli(home, words);
    // Mostly while it works; now and then while it still opens its database.
    const delay = last ? null : duration * (random() < 0.15 ? 0.2 * random() : 0.35 + 0.65 * random());
    const outcome = await endOrKill(victim.ended, victim.process.kill.bind(victim.process), delay);
    await drain(url);
    const asked = (await answeredPrompts(counts, probe)).slice(before);
    const nowFinished = await finishedCalls(home);
    const lost = asked.length - answered - (nowFinished - finished);
    told.push(
      `${outcome} after ${delay === null ? "its time" : `${Math.round(delay)} ms`}: ${asked.length} answered, ${nowFinished} finished, ${lost} lost`,
    );
    expect(asked.length, told.join("\n")).toBeGreaterThanOrEqual(nowFinished);
    answered = asked.length;
    finished = nowFinished;
    if (outcome === "SIGKILL") {
      kills += 1;
      // What was in flight; anything finished that was asked again would come on top. Less than 0 where the killed
      // process had put a judgement into the database and not yet into the journal: the next one does, asking nothing.
      expect(lost, told.join("\n")).toBeLessThanOrEqual(CALLS_IN_FLIGHT);
      continue;
    }
    expect(outcome, victim.stderr()).toBe(0);
    expect(lost, told.join("\n")).toBeLessThanOrEqual(0);
    expect(await resultHashes(home), told.join("\n")).toEqual(expected);
    expect(new Set(asked)).toEqual(new Set(calls));
    completions += 1;
    if (last) break;
    rmSync(home, { recursive: true });
    home = freshHome(template);
    before = (await answeredPrompts(counts, probe)).length;
    answered = 0;
    finished = 0;
  }
  expect(completions).toBeGreaterThan(0);
  console.log(`${kills} kills, ${completions} runs completed\n${told.join("\n")}`);
});

async function endOrKill(
  ended: Promise<number | NodeJS.Signals>,
  kill: (signal: NodeJS.Signals) => boolean,
  delay: number | null,
): Promise<number | NodeJS.Signals> {
  const timer = delay === null ? undefined : setTimeout(() => kill("SIGKILL"), delay);
  const outcome = await ended;
  clearTimeout(timer);
  return outcome;
}
