import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { modelDiffSchema } from "#lib/pipeline/model-diff-api.ts";
import { type Child, startNode } from "#lib/testing/children.ts";
import { copyDemoModel, plantedExperiment, plantResponses } from "#lib/testing/planted-responses.ts";
import { smallTrait } from "#lib/testing/small-home.ts";
import { startCli } from "#lib/testing/start-cli.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";

// The real command, alone on a home and beside a server that has it open.

const home = temporaryFolder("tiller-diff");
const vector = ["--experiment", plantedExperiment, "--trait", smallTrait, "--layer", "2"];
const diff = (...more: string[]) => startCli(home, ["vectors", "diff", ...vector, ...more]);
const SLOW = 240_000;

async function ended(child: Child): Promise<number | null> {
  const code = await child.ended;
  return typeof code === "number" ? code : null;
}

beforeAll(async () => {
  plantResponses(home, 15, 2);
  copyDemoModel(home, "twin");
  const run = startCli(home, [
    "run",
    "--experiment",
    plantedExperiment,
    "--only-stage",
    "capture,extract,evaluate",
  ]);
  expect(await run.ended, run.stderr()).toBe(0);
}, SLOW);

describe("tiller vectors diff", () => {
  it("prints what it wrote, the same alone and from a server", { timeout: SLOW }, async () => {
    const alone = diff("--model", "twin", "--json");
    expect(await ended(alone), alone.stderr()).toBe(0);
    const result = modelDiffSchema.parse(JSON.parse(alone.stdout()));
    expect(result.separation?.b).toEqual(result.separation?.a);
    expect(result.steering?.b).toEqual(result.steering?.a);

    const server = startNode(path.resolve("lib/testing/api-server-main.ts"), [], { TILLER_HOME: home });
    await server.until(/http:\S+\n/);
    try {
      const url = server.stdout().trim();
      const remote = diff("--model", "twin", "--json");
      expect(await ended(remote), remote.stderr()).toBe(0);
      expect({ ...JSON.parse(remote.stdout()), created_at: "" }).toEqual({ ...result, created_at: "" });
      const query = new URLSearchParams({ trait: smallTrait, method: "mean_diff", layer: "2" });
      const list = await (
        await fetch(`${url}/api/experiments/${plantedExperiment}/vectors/model-diff?${query}`)
      ).json();
      expect(list.stored).toEqual([JSON.parse(remote.stdout())]);
      const unknown = diff("--model", "nobody");
      expect([await ended(unknown), unknown.stderr().trim()]).toEqual([
        1,
        expect.stringMatching(/^there is no model "nobody" \(installed: demo, twin\).*$/),
      ]);
    } finally {
      server.process.kill();
      await server.ended;
    }
  });

  it.each<[string, string[], RegExp]>([
    ["a ratio of no number", ["--model", "twin", "--ratio", "much"], /--ratio "much": write a number/],
    ["a ratio of 0", ["--model", "twin", "--ratio", "0"], /--ratio: /],
    ["a path as model", ["--model", "../up"], /--model: write an installed model's id/],
  ])("refuses %s in one line, with exit code 2", { timeout: SLOW }, async (_, words, message) => {
    const child = diff(...words);
    expect([await ended(child), child.stdout()]).toEqual([2, ""]);
    expect(child.stderr().trim()).toMatch(message);
    expect(child.stderr().trim()).not.toContain("\n");
  });
});
