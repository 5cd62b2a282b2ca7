import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import { RemoteServer } from "#lib/cli/remote.ts";
import { AppError } from "#lib/core/errors.ts";
import { unpack } from "#lib/engine/lending/envelope.ts";
import { leaseAnswerSchema } from "#lib/engine/lending/messages.ts";
import type { RunRequest, RunSnapshot } from "#lib/pipeline/api.ts";
import { type Child, startNode } from "#lib/testing/children.ts";
import { type JudgeServer, startJudgeServer } from "#lib/testing/judge-server.ts";
import { compareResults, equalResults } from "#lib/testing/result-files.ts";
import { prepareSmallHome, smallTrait } from "#lib/testing/small-home.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";

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

async function startServer(): Promise<{ server: RemoteServer; home: string; process: Child }> {
  const home = temporaryFolder("tiller-lend");
  prepareSmallHome(home);
  const process = startNode(path.resolve("lib/testing/api-server-main.ts"), [], {
    TILLER_HOME: home,
    TILLER_JUDGE_KEY: "sk-test",
    TILLER_JUDGE_URL: judge.url,
  });
  await process.until(/^http.*\n/m);
  return { server: new RemoteServer(process.stdout().trim()), home, process };
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
    expect(compareResults(lent.home, plain.home, "sample")).toEqual(equalResults);
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
