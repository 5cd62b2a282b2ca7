import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readPt } from "#lib/formats/pt.ts";
import { readSafetensors } from "#lib/formats/safetensors.ts";
import { runPlanSchema, runResultSchema } from "#lib/pipeline/contract.ts";
import { startNode } from "#lib/testing/children.ts";
import { startJudgeServer } from "#lib/testing/judge-server.ts";
import { prepareSmallHome, smallTrait } from "#lib/testing/small-home.ts";
import { startCli } from "#lib/testing/start-cli.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";

// Whole runs of the real command on the demo model.

const SLOW = { timeout: 900_000 };
const SECRET = "sk-a-very-secret-judge-key-123";
const small = ["--traits", smallTrait, "--methods", "mean_diff,random", "--steering-methods", "mean_diff"];
const quick = [
  ...small,
  "--layers",
  "2",
  "--coefs",
  "0.5",
  "--questions",
  "1",
  "--no-vetting-filter",
  "--json",
];
const run = (...more: string[]) => ["run", "--experiment", "sample", ...quick, ...more];

function smallHome(): string {
  const home = temporaryFolder("tiller-run");
  prepareSmallHome(home);
  return home;
}

/** Every file below, but those of the database itself. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(path.join(".tiller", "db")))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.endsWith("db.lock"));
}

describe("tiller run", () => {
  it(
    "runs the pipeline with an endpoint judge, repeats nothing, exports, and keeps the key to itself",
    SLOW,
    async () => {
      const home = smallHome();
      const judge = await startJudgeServer({ apiKey: SECRET });
      const env = { TILLER_JUDGE_KEY: SECRET, TILLER_JUDGE_URL: judge.url };
      const words = run("--judge", judge.url, "--judge-model", "counter");

      const planned = startCli(home, [...words, "--dry-run"], env);
      expect(await planned.ended, planned.stderr()).toBe(0);
      const plan = runPlanSchema.parse(JSON.parse(planned.stdout()));
      expect(plan.traits.map(({ trait }) => trait)).toEqual([smallTrait]);
      expect(judge.requests).toEqual([]);

      const first = startCli(home, words, env);
      expect(await first.ended, first.stderr()).toBe(0);
      const result = runResultSchema.parse(JSON.parse(first.stdout()));
      expect(result.judge_calls).toBeGreaterThan(plan.judge_calls.to_do / 2);
      const asked = judge.requests.length;

      const second = startCli(home, words, env);
      expect(await second.ended, second.stderr()).toBe(0);
      const again = runResultSchema.parse(JSON.parse(second.stdout()));
      expect(judge.requests.length).toBe(asked);
      expect(again.traits).toEqual(result.traits);
      expect(second.stderr()).toMatch(/steer {2}done before/);

      // Another judge's scores are not the first one's: everything is asked anew.
      const wrong = startCli(home, run("--judge", judge.url, "--judge-model", "other"), {
        ...env,
        TILLER_JUDGE_KEY: `${SECRET}-wrong`,
      });
      expect(await wrong.ended).toBe(1);
      await judge.close();

      const folder = path.join(home, "exported");
      const exported = startCli(home, ["export", "--experiment", "sample", "--format", "pt", "-o", folder]);
      expect(await exported.ended, exported.stderr()).toBe(0);
      const place = `extraction/${smallTrait}/vectors/response_all/residual/mean_diff/layer2`;
      const vector = readPt(new Uint8Array(readFileSync(path.join(folder, `${place}.pt`))));
      const original = readSafetensors(
        new Uint8Array(readFileSync(path.join(home, "experiments/sample", `${place}.safetensors`))),
      );
      expect(vector).toEqual(original.tensors.get("vector"));

      const reported = startCli(home, ["report", "--experiment", "sample"]);
      expect(await reported.ended).toBe(0);
      expect(reported.stdout()).toContain("# Experiment sample");

      for (const child of [planned, first, second, wrong])
        expect(child.stdout() + child.stderr()).not.toContain(SECRET);
      const files = filesBelow(home);
      expect(files.some((file) => file.endsWith("manifest.json"))).toBe(true);
      expect(files.some((file) => file.endsWith("tiller.log"))).toBe(true);
      for (const file of files) expect(readFileSync(file).includes(SECRET), file).toBe(false);
    },
  );

  it("stops on Ctrl+C with 130, and the same command goes on", SLOW, async () => {
    const home = smallHome();
    const judge = await startJudgeServer({ latencyMs: 200 });
    const words = run(
      "--judge",
      judge.url,
      "--judge-model",
      "counter",
      "--concurrency",
      "1",
      "--only-stage",
      "0",
    );
    const first = startCli(home, words);
    await expect.poll(() => judge.requests.length, { timeout: 300_000 }).toBeGreaterThan(3);
    first.process.kill("SIGINT");
    expect(await first.ended, first.stderr()).toBe(130);
    expect(first.stdout()).toBe("");
    expect(first.stderr()).toMatch(/stopping after what is in flight/);
    const second = startCli(home, words);
    expect(await second.ended, second.stderr()).toBe(0);
    const texts = judge.requests.map(({ messages }) => messages.at(-1)?.content);
    // The probe is asked once a process, and the call in flight was cut off; nothing else twice.
    expect(texts.length - new Set(texts).size).toBeLessThanOrEqual(2);
    await judge.close();
  });

  it("is refused while another command has the home", SLOW, async () => {
    const home = smallHome();
    const holder = startNode(path.resolve("lib/testing/database-main.ts"), [home, "hold"]);
    await holder.until(/open/);
    const refused = startCli(home, run());
    expect(await refused.ended).toBe(1);
    expect(refused.stderr()).toMatch(
      new RegExp(`is in use by the other process \\(process ${holder.process.pid}\\)`),
    );
    expect(refused.stderr().trimEnd().split("\n")).toHaveLength(1);
    holder.process.kill("SIGKILL");
    await holder.ended;
  });
});

describe("a run handed to the server", () => {
  it(
    "gives the same output and exit code, and goes on by itself after a kill -9 of the server",
    SLOW,
    async () => {
      const home = smallHome();
      const judge = await startJudgeServer({ latencyMs: 50 });
      const server = startNode(path.resolve("lib/testing/api-server-main.ts"), [], { TILLER_HOME: home });
      await server.until(/http/);
      const words = run("--judge", judge.url, "--judge-model", "counter", "--concurrency", "2");

      const planned = startCli(home, [...words, "--dry-run"]);
      expect(await planned.ended, planned.stderr()).toBe(0);
      runPlanSchema.parse(JSON.parse(planned.stdout()));

      const wrong = startCli(home, run("--traits", "demo/nope"));
      expect(await wrong.ended).toBe(1);
      expect(wrong.stderr()).toMatch(/trait demo\/nope is not known/);

      const handed = startCli(home, words);
      await expect.poll(() => judge.requests.length, { timeout: 300_000 }).toBeGreaterThan(5);
      server.process.kill("SIGKILL");
      await server.ended;
      expect(await handed.ended).toBe(1);
      expect(handed.stderr()).toMatch(/goes on when it starts again/);

      const restarted = startNode(path.resolve("lib/testing/api-server-main.ts"), [], { TILLER_HOME: home });
      await restarted.until(/http/);
      const url = restarted.stdout().trim();
      const runs = async () =>
        ((await (await fetch(`${url}/api/runs`)).json()) as { runs: { state: string }[] }).runs;
      await expect
        .poll(async () => (await runs())[0]?.state, { timeout: 600_000, interval: 500 })
        .toBe("done");

      const again = startCli(home, words);
      expect(await again.ended, again.stderr()).toBe(0);
      const result = runResultSchema.parse(JSON.parse(again.stdout()));
      expect(result.judge_calls).toBe(0);
      expect(again.stderr()).toContain(`The Tiller server at ${url} has this home open`);

      const set = await fetch(`${url}/api/settings/judge-keys`, {
        method: "PUT",
        body: JSON.stringify({ endpoint: judge.url, key: SECRET }),
      });
      expect(await set.json()).toMatchObject({
        keys: [{ endpoint: new URL(judge.url).origin, source: "settings" }],
      });
      for (const route of ["settings/judge-keys", "runs", "experiments", "experiments/sample", "health"]) {
        const response = await fetch(`${url}/api/${route}`);
        expect(response.status).toBe(200);
        expect(await response.text()).not.toContain(SECRET);
      }
      for (const headers of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
        const refused = await fetch(`${url}/api/runs`, {
          method: "POST",
          headers: new Headers(Object.entries(headers)),
        });
        expect(refused.status).toBe(403);
      }
      await judge.close();
    },
  );
});
