import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import { RemoteServer } from "#lib/cli/remote.ts";
import { AppError } from "#lib/core/errors.ts";
import type { EngineProvider } from "#lib/engine/contract.ts";
import { unpack } from "#lib/engine/lending/envelope.ts";
import { leaseAnswerSchema } from "#lib/engine/lending/messages.ts";
import type { RunRequest, RunSnapshot } from "#lib/pipeline/api.ts";
import { createNodeEngines } from "#lib/server/engine/engines.ts";
import { type Child, startNode } from "#lib/testing/children.ts";
import { type JudgeServer, startJudgeServer } from "#lib/testing/judge-server.ts";
import { compareResults, equalResults } from "#lib/testing/result-files.ts";
import { prepareSmallHome, smallTrait } from "#lib/testing/small-home.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { lend } from "./lend.ts";

// The server's own routes over HTTP; the lenders are processes of their own.

const SLOW = { timeout: 600_000 };
let judge: JudgeServer;

beforeAll(async () => {
  judge = await startJudgeServer();
  return () => judge.close();
});

function requestFor(device: "cpu" | "browser"): RunRequest {
  return {
    experiment: "sample",
    traits: [smallTrait],
    config: {
      device,
      batch_size: 4,
      judge: judge.url,
      judge_model: "counter",
      max_new_tokens: 80,
      steering_max_new_tokens: 24,
      methods: ["mean_diff", "random"],
      steering_methods: ["mean_diff"],
      layers: "2",
      coefs: [0.5],
      questions: 2,
      vet: false,
    },
  };
}

interface Served {
  server: RemoteServer;
  home: string;
  process: Child;
}

async function startServer(home = smallHome(), port = 0): Promise<Served> {
  const process = startNode(path.resolve("lib/testing/api-server-main.ts"), [], {
    TILLER_HOME: home,
    TILLER_JUDGE_KEY: "sk-test",
    TILLER_JUDGE_URL: judge.url,
    PORT: String(port),
  });
  await process.until(/^http.*\n/m);
  return { server: new RemoteServer(process.stdout().trim()), home, process };
}

function smallHome(): string {
  const home = temporaryFolder("tiller-lend");
  prepareSmallHome(home);
  return home;
}

const startLender = (server: RemoteServer, home: string, run: string, name: string) =>
  startNode(path.resolve("lib/testing/lender-main.ts"), [server.url, run, name], { TILLER_HOME: home });

async function ended(server: RemoteServer, run: string): Promise<RunSnapshot> {
  const over: RunSnapshot[] = [];
  await server.follow(run, (message) => {
    if (message.type !== "snapshot") return false;
    const { state, result, error } = message.snapshot;
    if (!(state === "done" ? result : error)) return false;
    over.push(message.snapshot);
    return true;
  });
  const [snapshot] = over;
  if (!snapshot) throw new Error("the run has no end");
  return snapshot;
}

it(
  "a run's model work is done by two lenders, one killed within a batch, with the results of a plain run",
  SLOW,
  async () => {
    const lent = await startServer();
    const run = await lent.server.start(requestFor("browser"));
    const stays = startLender(lent.server, lent.home, run, "stays");
    await stays.until(/working/);
    const dies = startLender(lent.server, lent.home, run, "dies");
    await dies.until(/working/);
    dies.process.kill("SIGKILL");
    const snapshot = await ended(lent.server, run);
    expect(snapshot.state, JSON.stringify(snapshot.error)).toBe("done");
    const notices = snapshot.notices.map(({ message }) => message);
    expect(notices).toContainEqual(
      expect.stringMatching(/^dies \(cpu\) left: its batch of \d rows? is given/),
    );
    expect(await stays.ended, stays.stderr()).toBe(0);
    expect(stays.stdout()).toContain("ended: done");
    const [worker] = snapshot.workers;
    expect(worker).toMatchObject({ name: "stays", device: "cpu" });
    await expectRefusals(lent.server.url, run);
    lent.process.process.kill("SIGTERM");

    const plain = await startServer();
    const plainRun = await ended(plain.server, await plain.server.start(requestFor("cpu")));
    expect(plainRun.workers).toEqual([]);
    plain.process.process.kill("SIGTERM");
    expect(snapshot.result?.traits).toEqual(plainRun.result?.traits);
    expect(compareResults(lent.home, plain.home, "sample", smallTrait)).toEqual(equalResults);
  },
);

/** What a lender may send by mistake or malice, once the run is over. */
async function expectRefusals(url: string, run: string): Promise<void> {
  const post = (at: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/api/lending/${at}`, { method: "POST", body, headers });
  const lender = { id: "tab-12345", name: "tab", device: "wasm" };
  const wish = JSON.stringify({ lender, models: [] });
  const over = await post(`runs/${run}/lease`, wish);
  expect(unpack(await over.bytes(), leaseAnswerSchema, "answer").head).toEqual({
    kind: "over",
    state: "done",
  });
  expect((await post("runs/20260101-000000-0000/lease", wish)).status).toBe(404);
  expect((await post(`runs/${run}/lease`, JSON.stringify({ lender: {} }))).status).toBe(400);
  expect((await post(`runs/${run}/lease`, wish, { origin: "https://elsewhere.example" })).status).toBe(403);
  for (const at of ["beat", "result"]) expect((await post(`leases/made-up/${at}`, "")).status).toBe(404);
  const failure = JSON.stringify({ error: new AppError("internal", "x").toJSON() });
  expect((await post("leases/made-up/failure", failure)).status).toBe(404);
}

/** A model that loads and then never fits. */
function tooSmall(engines: EngineProvider): EngineProvider {
  return {
    async load(modelId, options) {
      const engine = await engines.load(modelId, options);
      const full = () => Promise.reject(new AppError("out-of-memory", "the tab's memory is full"));
      return {
        describe: () => engine.describe(),
        encode: (prompts) => engine.encode(prompts),
        encodeText: (texts) => engine.encodeText(texts),
        tokenTexts: (rows) => engine.tokenTexts(rows),
        planBatch: (mode, tokens) => engine.planBatch(mode, tokens),
        generate: full,
        capture: full,
        dispose: () => engine.dispose(),
      };
    },
  };
}

it("a run that is paused, that nobody can do, or whose server dies goes on where it was", SLOW, async () => {
  const { server, home, process } = await startServer();
  const run = await server.start(requestFor("browser"));
  const resume = () => fetch(`${server.url}/api/runs/${run}/resume`, { method: "POST" });
  const first = startLender(server, home, run, "first");
  await first.until(/working/);
  await server.pause(run);
  expect(await first.ended, first.stderr()).toBe(0);
  expect(first.stdout()).toContain("ended: paused");

  await resume();
  const engines = createNodeEngines({ home });
  const weak = { id: "weak-12345", name: "weak", device: "cpu" as const };
  const { signal } = new AbortController();
  expect(await lend({ runId: run, base: server.url, lender: weak, engines: tooSmall(engines), signal })).toBe(
    "failed",
  );
  await engines.dispose();
  expect((await ended(server, run)).error).toMatchObject({
    code: "out-of-memory",
    message: expect.stringMatching(
      /^a batch of \d rows? failed 3 times, on weak \(cpu\): the tab's memory is full$/,
    ),
  });

  await resume();
  const last = startLender(server, home, run, "last");
  await last.until(/working/);
  process.process.kill("SIGKILL");
  await last.until(/reconnecting/);
  const again = await startServer(home, Number(new URL(server.url).port));
  const snapshot = await ended(again.server, run);
  expect(snapshot.state, JSON.stringify(snapshot.error)).toBe("done");
  expect(await last.ended, last.stderr()).toBe(0);
  expect(snapshot.workers.map(({ name }) => name)).toContain("last");
  again.process.process.kill("SIGTERM");
});
