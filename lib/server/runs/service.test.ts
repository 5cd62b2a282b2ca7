import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { RunSnapshot } from "#lib/pipeline/api.ts";
import { applyRunEvent } from "#lib/pipeline/snapshot.ts";
import { type FakeWorld, fakeWorld } from "#lib/testing/fake-ports.ts";
import { resultFiles, writeTrait } from "#lib/testing/pipeline-experiment.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { createJudgementCache } from "../database/judgements.ts";
import { createLedger } from "../database/ledger.ts";
import { type Database, openDatabase } from "../database/open.ts";
import { createRunRepository, type RunRecord } from "../database/runs.ts";
import { openLog } from "../log.ts";
import { requeue, settleAbandoned } from "../queue/recover.ts";
import { type RunQueue, startRunQueue } from "../queue/run-queue.ts";
import { RunExecutor } from "./executor.ts";
import { RunHub } from "./hub.ts";
import { RunService } from "./service.ts";

// The real database, queue, ledger and judge cache; models and judge are fakes that answer at once.

interface Server {
  world: FakeWorld;
  service: RunService;
  executor: RunExecutor;
  queue: RunQueue;
  runs: ReturnType<typeof createRunRepository>;
  close(): Promise<void>;
}

const home = temporaryFolder();
const open: Server[] = [];
let database: Database;

beforeAll(async () => {
  const migrations = path.resolve("prisma/migrations");
  database = await openDatabase({ home, migrations, command: "the test" });
}, 240_000);
afterAll(() => database.close());
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
  await forgetAll();
});

async function forgetAll(): Promise<void> {
  const { prisma } = database;
  await prisma.$executeRaw`TRUNCATE "run", "item", "judgement", "setting"`;
}

async function startServer(world: FakeWorld): Promise<Server> {
  const now = () => new Date();
  const runs = createRunRepository(database.prisma, now);
  const log = openLog(home);
  const hub = new RunHub();
  const ports = {
    ...world.ports,
    now,
    ledger: createLedger(database.prisma, now),
    judges: {
      open: async () => ({
        ...(await world.ports.judges.open({
          judge: "builtin",
          model: "fake",
          device: "cpu",
          runId: "",
          signal: undefined,
        })),
        cache: createJudgementCache(database.prisma, now),
      }),
    },
  };
  const executor = new RunExecutor({ runs, ports, hub, log, shared: false });
  await settleAbandoned(runs);
  const queue = await startRunQueue({
    connection: database.queue,
    execute: (runId, from) => executor.execute(runId, from),
    log,
  });
  await requeue(runs, queue.enqueue);
  let id = 0;
  const service = new RunService({
    runs,
    executor,
    hub,
    ports,
    enqueue: queue.enqueue,
    randomId: () => String(id++).padStart(4, "0"),
  });
  const server: Server = {
    world,
    service,
    executor,
    queue,
    runs,
    close: async () => {
      await queue.stop();
      await executor.stopAll("interrupt");
    },
  };
  open.push(server);
  return server;
}

/** Follows the run and folds what it hears until the condition holds. */
function until(server: Server, runId: string, holds: (run: RunSnapshot) => boolean): Promise<RunSnapshot> {
  return new Promise((resolve, reject) => {
    let run: RunSnapshot | undefined;
    let end = () => {};
    server.service
      .follow(runId, (message) => {
        run = message.type === "snapshot" ? message.snapshot : run && applyRunEvent(run, message.event);
        if (!run || !holds(run)) return;
        setImmediate(end);
        resolve(run);
      })
      .then((stop) => {
        end = stop;
      }, reject);
  });
}

const stateIs = (state: string) => (run: RunSnapshot) => run.state === state;
const ended = (run: RunSnapshot) => run.state === "done" && run.result !== null;
const request = { experiment: "e", traits: ["demo/sun"], config: {} };

async function undisturbed(): Promise<Record<string, string>> {
  const world = fakeWorld();
  await writeTrait(world.store, "demo/sun");
  const server = await startServer(world);
  const { id } = await server.service.start(request);
  await until(server, id, ended);
  await server.close();
  open.splice(open.indexOf(server), 1);
  await forgetAll();
  return resultFiles(world.store);
}

/** Stops the world at a judge call until told to go on. */
function hold(world: FakeWorld, at: number) {
  const { judge } = world;
  const complete = judge.complete.bind(judge);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let reached = () => {};
  const held = new Promise<void>((resolve) => {
    reached = resolve;
  });
  judge.complete = async (asked) => {
    if (judge.requests.length >= at) {
      reached();
      await released;
    }
    return complete(asked);
  };
  return { held, release };
}

describe("the run service", { timeout: 240_000 }, () => {
  it("plans, runs from the queue, tells every follower, and keeps the result", async () => {
    const world = fakeWorld();
    await writeTrait(world.store, "demo/sun");
    const server = await startServer(world);
    const planned = await server.service.plan(request);
    expect(planned.command).toBe("npm run tiller -- run --experiment e --traits demo/sun");
    expect(planned.estimated_seconds).toBeNull();
    expect(planned.plan.judge_calls.to_do).toBeGreaterThan(0);

    const { id } = await server.service.start(request);
    const [first, second] = await Promise.all([until(server, id, ended), until(server, id, ended)]);
    expect(first).toEqual(second);
    expect(first.stages.map(({ state }) => state)).toEqual(Array.from({ length: 7 }, () => "done"));
    expect(first.result?.failed_items).toBe(0);
    expect(first.judge.calls).toBe(world.judge.requests.length);
    expect(await server.service.get(id)).toEqual(first);
    expect((await server.service.list({ limit: 5 })).map(({ state }) => state)).toEqual(["done"]);
    // Now each stage has been measured once.
    expect((await server.service.plan({ ...request, config: { seed: 7 } })).estimated_seconds).not.toBeNull();
  });

  it("pauses, goes on where it was, and ends as an undisturbed run, without asking the judge twice", async () => {
    const expected = await undisturbed();
    const world = fakeWorld();
    await writeTrait(world.store, "demo/sun");
    const { held, release } = hold(world, 9);
    const server = await startServer(world);
    const { id } = await server.service.start(request);
    await held;
    await server.service.act(id, "pause");
    await expect(server.service.act(id, "resume")).rejects.toMatchObject({ code: "conflict" });
    release();
    await until(server, id, stateIs("paused"));
    await server.service.act(id, "resume");
    const run = await until(server, id, ended);
    expect(resultFiles(world.store)).toEqual(expected);
    expect(new Set(world.judge.requests).size).toBe(world.judge.requests.length);
    // Both attempts together.
    expect(run.judge.calls).toBe(world.judge.requests.length);
    await expect(server.service.act(id, "pause")).rejects.toThrow(/is done: it cannot pause/);
    await expect(server.service.act(id, "retry")).rejects.toMatchObject({ code: "conflict" });
  });

  it("cancels a waiting run and one that runs", async () => {
    const world = fakeWorld();
    await writeTrait(world.store, "demo/sun");
    const { held, release } = hold(world, 3);
    const server = await startServer(world);
    const running = await server.service.start(request);
    const waiting = await server.service.start(request);
    await held;
    expect((await server.service.act(waiting.id, "cancel")).state).toBe("cancelled");
    await server.service.act(running.id, "cancel");
    release();
    await until(server, running.id, stateIs("cancelled"));
    await server.service.act(waiting.id, "resume");
    await until(server, waiting.id, ended);
  });

  it("keeps a failed run's error, tries its failed items again, and knows no other run", async () => {
    const world = fakeWorld();
    await writeTrait(world.store, "demo/sun");
    world.judge.unreachable = true;
    const server = await startServer(world);
    const { id } = await server.service.start(request);
    const failed = await until(server, id, (run) => run.state === "failed" && run.error !== null);
    expect(failed.error).toMatchObject({ code: "judge-unreachable" });

    world.judge.unreachable = false;
    world.judge.failing.add("demo/sun 3 feels hope");
    await server.service.act(id, "retry");
    const partly = await until(server, id, ended);
    expect(partly.result?.failed_items).toBeGreaterThan(0);
    expect(partly.failures.length).toBe(partly.result?.failed_items);

    world.judge.failing.clear();
    await server.service.act(id, "retry");
    const whole = await until(server, id, (run) => ended(run) && run.result?.failed_items === 0);
    expect(whole.failures).toEqual([]);
    await expect(server.service.get("20200101-000000-0000")).rejects.toMatchObject({ code: "not-found" });
  });

  it("finds its runs again after a restart: what was told to stop is stopped, the rest goes on", async () => {
    const world = fakeWorld();
    await writeTrait(world.store, "demo/sun");
    const before = await startServer(world);
    await before.queue.stop();
    const make = async (origin: RunRecord["origin"]) => {
      const run = await before.service.create(request, origin);
      return (await before.runs.claim(run.id, ["queued"]))?.id ?? "";
    };
    // As after a kill -9: rows that say `running`, and nobody who runs them.
    const mine = await make("server");
    const commands = await make("cli");
    const pausing = await make("server");
    await before.runs.ask(pausing, "pause");
    const queued = (await before.service.create(request, "server")).id;
    await before.close();
    open.splice(open.indexOf(before), 1);

    const after = await startServer(world);
    await until(after, mine, ended);
    await until(after, queued, ended);
    expect((await after.service.get(commands)).state).toBe("interrupted");
    expect((await after.service.get(pausing)).state).toBe("paused");
    await after.service.act(commands, "resume");
    await until(after, commands, ended);
  });
});
