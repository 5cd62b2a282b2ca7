import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Judgement } from "#lib/judge/contract.ts";
import { resolveConfig } from "#lib/pipeline/config.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { groupCommit } from "./group-commit.ts";
import { createJudgementCache } from "./judgements.ts";
import { createLedger } from "./ledger.ts";
import { type Database, openDatabase } from "./open.ts";
import { createRunRepository, summaryOf } from "./runs.ts";
import { createSettingsRepository } from "./settings.ts";

const home = temporaryFolder();
const migrations = path.resolve("prisma/migrations");
const open = () => openDatabase({ home, migrations, command: "the test" });
const clock = { at: new Date("2026-01-02T03:04:05.678Z") };
const now = () => clock.at;
let database: Database;

beforeAll(async () => {
  database = await open();
});
afterAll(() => database.close());

describe("the ledger", () => {
  it("gives back exactly what was recorded, key order and odd characters included", async () => {
    const ledger = createLedger(database.prisma, now);
    const value = {
      zulu: 1,
      alpha: "nul \u0000, lone \ud800, emoji 😀",
      nested: { b: [0.1, 1e-9, -0], a: null },
    };
    await ledger.record([{ key: "k1", kind: "generate", value }]);
    const found = await ledger.finished(["k1", "k2"]);
    expect([...found.keys()]).toEqual(["k1"]);
    expect(JSON.stringify(found.get("k1"))).toBe(JSON.stringify(value));
  });

  it("keeps the first record of a key", async () => {
    const ledger = createLedger(database.prisma, now);
    await ledger.record([{ key: "twice", kind: "generate", value: 1 }]);
    await ledger.record([
      { key: "twice", kind: "generate", value: 2 },
      { key: "new", kind: "generate", value: 3 },
    ]);
    expect(await ledger.finished(["twice", "new"])).toEqual(
      new Map([
        ["twice", 1],
        ["new", 3],
      ]),
    );
  });

  it("takes tens of thousands of keys at once", async () => {
    const ledger = createLedger(database.prisma, now);
    const keys = Array.from({ length: 40_000 }, (_, at) => `many-${at}`);
    await ledger.record(keys.map((key, at) => ({ key, kind: "generate" as const, value: at })));
    const found = await ledger.finished(keys);
    expect(found.size).toBe(40_000);
    expect(found.get("many-39999")).toBe(39_999);
    expect((await ledger.finished([])).size).toBe(0);
  });
});

describe("group commit", () => {
  it("writes what gathers during a write at once, and tells each caller of its own write", async () => {
    const writes: number[][] = [];
    const put = groupCommit(async (entries: number[]) => {
      writes.push(entries);
      await new Promise((resolve) => setImmediate(resolve));
      if (entries.includes(13)) throw new Error("unlucky");
    });
    const first = put([1]);
    await Promise.resolve();
    await Promise.resolve();
    const second = put([2, 3]);
    const third = put([4]);
    await Promise.all([first, second, third]);
    expect(writes).toEqual([[1], [2, 3, 4]]);
    await expect(Promise.allSettled([put([13])])).resolves.toMatchObject([{ status: "rejected" }]);
    await put([5]);
    expect(writes.at(-1)).toEqual([5]);
  });
});

describe("the judge cache", () => {
  const judgement: Judgement = {
    score: 71.25,
    method: "logprobs",
    mass: 0.9,
    truncated: false,
    promptVersion: "p@1",
    model: "m",
    usage: null,
    costUsd: null,
    cached: false,
  };

  it("keeps the newest judgement of a key, also when one call names it twice", async () => {
    const cache = createJudgementCache(database.prisma, now);
    await cache.put([{ key: "j", judgement }]);
    await cache.put([
      { key: "j", judgement: { ...judgement, score: 10 } },
      { key: "j", judgement: { ...judgement, score: 20 } },
    ]);
    expect(await cache.get(["j", "none"])).toEqual(new Map([["j", { ...judgement, score: 20 }]]));
  });

  it("takes a row it cannot read as missing", async () => {
    await database.prisma.judgement.create({
      data: { key: "old", value: '{"score": 400}', createdAt: now() },
    });
    expect((await createJudgementCache(database.prisma, now).get(["old"])).size).toBe(0);
  });
});

describe("settings", () => {
  it("describes a secret without its value", async () => {
    const settings = createSettingsRepository(database.prisma, now);
    await settings.put("judge:https://a.test", "sk-hidden", { secret: true });
    await settings.put("judge:plain", { rpm: 5 });
    expect(await settings.get("judge:https://a.test")).toBe("sk-hidden");
    expect(await settings.describe("judge:")).toEqual([
      { key: "judge:https://a.test", value: null, secret: true, updatedAt: clock.at },
      { key: "judge:plain", value: { rpm: 5 }, secret: false, updatedAt: clock.at },
    ]);
    await settings.remove("judge:https://a.test");
    expect(await settings.get("judge:https://a.test")).toBeUndefined();
  });
});

describe("runs", () => {
  const progress = {
    stages: [],
    judge: { calls: 0, cached: 0, cost_usd: null },
    notices: [],
    workers: [],
    failures: [],
  };
  const make = (id: string) =>
    createRunRepository(database.prisma, now).insert({
      id,
      experiment: "sample",
      origin: "server",
      command: "npm run tiller -- run --experiment sample",
      spec: {
        run_id: id,
        experiment: "sample",
        traits: [{ category: "demo", trait: "optimism" }],
        stages: ["generate"],
        config: resolveConfig({ extraction_model: "demo" }),
      },
      plan: {
        experiment: "sample",
        traits: [],
        judge_calls: { to_do: 0, cached: 0 },
        model_rows: 0,
        estimated_cost_usd: null,
        warnings: [],
      },
      progress,
    });

  it("lets exactly one of many claim a run", async () => {
    const runs = createRunRepository(database.prisma, now);
    await make("r1");
    const claims = await Promise.all(Array.from({ length: 8 }, () => runs.claim("r1", ["queued"])));
    const won = claims.filter((claim) => claim !== null);
    expect(won.map((run) => [run.state, run.attempt])).toEqual([["running", 1]]);
    expect(await runs.claim("r1", ["queued"])).toBeNull();
    expect(await runs.claim("unknown", ["queued"])).toBeNull();
  });

  it("lets only the newest attempt finish, and tells the older one that it lost", async () => {
    const runs = createRunRepository(database.prisma, now);
    await make("r2");
    const first = await runs.claim("r2", ["queued"]);
    const second = await runs.claim("r2", ["running"]);
    expect([first?.attempt, second?.attempt]).toEqual([1, 2]);
    expect(await runs.asked("r2", 1)).toBe("lost");
    expect(await runs.finish("r2", 1, { state: "done", progress })).toBe(false);
    expect(await runs.ask("r2", "pause")).toBe(true);
    expect(await runs.asked("r2", 2)).toBe("pause");
    expect(await runs.finish("r2", 2, { state: "paused", progress })).toBe(true);
    expect(await runs.ask("r2", "cancel")).toBe(false);
    expect(await runs.move("r2", ["running"], "queued")).toBeNull();
    expect((await runs.move("r2", ["paused"], "queued"))?.state).toBe("queued");
  });

  it("lists newest first, by experiment, with times as ISO text", async () => {
    const runs = createRunRepository(database.prisma, now);
    clock.at = new Date("2026-01-02T04:00:00.000Z");
    await make("r3");
    const listed = await runs.list({ experiment: "sample", limit: 2 });
    expect(listed).toHaveLength(2);
    expect(listed.slice(0, 1).map(summaryOf)).toEqual([
      {
        run_id: "r3",
        experiment: "sample",
        traits: ["demo/optimism"],
        state: "queued",
        created_at: "2026-01-02T04:00:00.000Z",
        started_at: null,
        finished_at: null,
      },
    ]);
    expect(await runs.list({ experiment: "other", limit: 5 })).toEqual([]);
  });
});

describe("opening", () => {
  it("finds everything again, migrates once, and refuses what a newer version wrote", async () => {
    await database.close();
    database = await open();
    expect((await createLedger(database.prisma, now).finished(["k1"])).size).toBe(1);
    const rows = await database.prisma.$queryRaw<{ finished: boolean; steps: number }[]>`
      SELECT "finished_at" IS NOT NULL AS finished, "applied_steps_count" AS steps FROM "_prisma_migrations"`;
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ finished, steps }) => finished && steps === 1)).toBe(true);

    await database.prisma.$executeRaw`INSERT INTO "_prisma_migrations"
      ("id", "checksum", "migration_name", "finished_at") VALUES ('x', 'y', '29990101000000_later', now())`;
    await database.close();
    await expect(open()).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("29990101000000_later"),
    });
  });

  it("names the server that DATABASE_URL cannot reach", async () => {
    const databaseUrl = "postgresql://nobody:secret-word@127.0.0.1:1/none";
    const failure = await openDatabase({ home, migrations, command: "the test", databaseUrl }).catch(
      (error) => error,
    );
    expect(failure).toMatchObject({ code: "invalid-input", retryable: true });
    expect(failure.message).toContain("127.0.0.1:1");
    expect(JSON.stringify(failure)).not.toContain("secret-word");
  });
});
