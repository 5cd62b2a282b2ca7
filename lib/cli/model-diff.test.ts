import path from "node:path";
import { describe, expect, it } from "vitest";
import { modelDiffSchema } from "#lib/pipeline/model-diff-api.ts";
import { startNode } from "#lib/testing/children.ts";
import { copyDemoModel, plantedExperiment, plantResponses } from "#lib/testing/planted-responses.ts";
import { smallTrait } from "#lib/testing/small-home.ts";
import { startCli } from "#lib/testing/start-cli.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { modelDiffCommand } from "./commands/model-diff.ts";

const SLOW = 240_000;
const vector = { trait: smallTrait, method: "mean_diff", layer: "2" };

describe("tiller vectors diff", () => {
  it("prints what is stored, the same from a server and alone", { timeout: SLOW }, async () => {
    const home = temporaryFolder("tiller-diff");
    plantResponses(home, 15, 2);
    copyDemoModel(home, "twin");
    const server = startNode(path.resolve("lib/testing/api-server-main.ts"), [], { TILLER_HOME: home });
    await server.until(/http:\S+\n/);
    const url = server.stdout().trim();
    const post = (at: string, body: object) =>
      fetch(`${url}${at}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const stages = ["capture", "extract", "evaluate"];
    const { run_id } = await (await post("/api/runs", { experiment: plantedExperiment, stages })).json();
    const state = async () => (await (await fetch(`${url}/api/runs/${run_id}`)).json()).state;
    await expect.poll(state, { timeout: 120_000 }).toBe("done");

    const words = [
      "--experiment",
      plantedExperiment,
      "--trait",
      smallTrait,
      "--layer",
      "2",
      "--model",
      "twin",
    ];
    const diff = async () => {
      const child = startCli(home, ["vectors", "diff", ...words, "--json"]);
      expect(await child.ended, child.stderr()).toBe(0);
      return modelDiffSchema.parse(JSON.parse(child.stdout()));
    };
    const remote = await diff();
    expect(remote.separation?.b).toEqual(remote.separation?.a);
    expect(remote.steering?.b).toEqual(remote.steering?.a);
    const route = `/api/experiments/${plantedExperiment}/vectors/model-diff`;
    const list = await (await fetch(`${url}${route}?${new URLSearchParams(vector)}`)).json();
    expect(list.stored).toEqual([remote]);
    const refused = await post(route, { ...vector, layer: 2, model: "nobody" });
    expect([refused.status, (await refused.json()).error.userMessage]).toEqual([
      404,
      expect.stringMatching(/^there is no model "nobody" \(installed: demo, twin\)/),
    ]);
    server.process.kill();
    await server.ended;
    expect({ ...(await diff()), created_at: "" }).toEqual({ ...remote, created_at: "" });
  });

  it.each<[string, object, RegExp]>([
    ["a ratio of no number", { ratio: "much" }, /^--ratio "much": write a number$/],
    ["a ratio of 0", { ratio: "0" }, /^--ratio: /],
    ["a path as model", { model: "../up" }, /^--model: write an installed model's id$/],
  ])("refuses %s in one line before anything is opened", async (_, more, message) => {
    const options = { experiment: "e", ...vector, model: "twin", ...more };
    await expect(modelDiffCommand(options)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(message),
    });
  });
});
