import { describe, expect, it } from "vitest";
import { FakeEngine } from "#lib/testing/fake-engine.ts";
import { type FakeWorld, fakeWorld } from "#lib/testing/fake-ports.ts";
import { planAndRun, resultFiles, specOf, writeTrait } from "#lib/testing/pipeline-experiment.ts";
import type { ConfigInput } from "./config.ts";
import { planRun } from "./plan.ts";
import { type SteeringFile, steeringFileSchema } from "./results.ts";

const FOLDER = "experiments/e/steering/demo/sun/response_all";

async function steeredWorld(overrides: ConfigInput = { layers: "1" }): Promise<FakeWorld> {
  const world = fakeWorld({ engine: new FakeEngine() });
  await writeTrait(world.store, "demo/sun");
  await planAndRun(world.ports, specOf(["demo/sun"], overrides));
  return world;
}

const further = (overrides: ConfigInput) =>
  specOf(["demo/sun"], overrides, { run_id: "r2", stages: ["steer"] });

async function resultsOf({ store }: FakeWorld): Promise<SteeringFile> {
  return steeringFileSchema.parse(JSON.parse((await store.readText(`${FOLDER}/results.json`)) ?? "null"));
}

const settingsOf = ({ runs }: SteeringFile) =>
  runs.map(({ config, coef_ratio }) => `${config.vectors[0]?.layer} ${coef_ratio}`);

function steerOf(plan: Awaited<ReturnType<typeof planRun>>) {
  return plan.traits[0]?.stages.find(({ stage }) => stage === "steer");
}

function noticesOf(world: FakeWorld): string[] {
  return world.events.flatMap((event) => (event.kind === "notice" ? event.message : []));
}

describe("steering further", () => {
  it("adds its settings: what is there stays to the byte, and nothing of it is done again", async () => {
    const world = await steeredWorld();
    const before = await resultsOf(world);
    const files = resultFiles(world.store);
    const generated = world.engine.generated.length;
    const asked = world.judge.requests.length;
    const spec = further({ layers: "2", coefs: [0.9] });
    expect(steerOf(await planRun(spec, world.ports))).toMatchObject({
      state: "stale",
      reason: "adds 1 setting to the 2 that are there",
      items: { finished: 27, to_do: 12 },
    });
    await planAndRun(world.ports, spec);

    const after = await resultsOf(world);
    expect(settingsOf(after)).toEqual(["1 0.5", "1 1", "2 0.9"]);
    expect(after.runs.slice(0, 2)).toEqual(before.runs);
    expect(after.random_band.slice(0, 2)).toEqual(before.random_band);
    expect(after.random_band[2]).toMatchObject({ layer: 2, coef_ratio: 0.9, n: 3 });
    expect(after.best?.reason).toMatch(/ of 3 settings/);
    const kept = Object.entries(resultFiles(world.store)).filter(
      ([path]) => path in files && path.startsWith(`${FOLDER}/responses/`),
    );
    expect(kept).toHaveLength(9);
    for (const [path, hash] of kept) expect([path, hash]).toEqual([path, files[path]]);
    // 3 questions under the vector and 3 random ones.
    expect(world.engine.generated.length - generated).toBe(12);
    expect(world.judge.requests.length - asked).toBeLessThanOrEqual(12 * 3);
    expect(noticesOf(world)).toContain("steering adds 1 setting to the 2 that are there");
  });

  it("is not undone by a run of the experiment's own settings: that finds its part done", async () => {
    const world = await steeredWorld();
    await planAndRun(world.ports, further({ layers: "1", coefs: [0.9] }));
    expect(settingsOf(await resultsOf(world))).toEqual(["1 0.5", "1 0.9", "1 1"]);
    for (const overrides of [{ layers: "1" }, { layers: "1", coefs: [0.9] }]) {
      expect(steerOf(await planRun(specOf(["demo/sun"], overrides), world.ports))?.state).toBe("done");
    }
  });

  it("gives what one run of all settings gives", async () => {
    const bits = await steeredWorld({ layers: "1", coefs: [0.5] });
    await planAndRun(bits.ports, further({ layers: "1-2", coefs: [1] }));
    await planAndRun(bits.ports, further({ layers: "2", coefs: [0.5] }));
    const whole = await steeredWorld({ layers: "1-2", coefs: [0.5, 1] });
    expect(await resultsOf(bits)).toEqual(await resultsOf(whole));
  });

  it("keeps searches and grids side by side", async () => {
    const world = await steeredWorld({ layers: "1", coefs: "adaptive" });
    const [search] = (await resultsOf(world)).searched ?? [];
    expect(search).toEqual({
      method: "mean_diff",
      layer: 1,
      ratios: [0.7, 0.889, 1.153, 1.4986, 1.9481],
    });
    await planAndRun(world.ports, further({ layers: "1", coefs: [0.889, 0.9] }));
    const file = await resultsOf(world);
    expect(file.runs.map(({ coef_ratio, found_by_search }) => [coef_ratio, found_by_search])).toEqual([
      [0.7, true],
      [0.889, undefined],
      [0.9, undefined],
      [1.153, true],
      [1.4986, true],
      [1.9481, true],
    ]);
    expect(file.searched).toEqual([search]);
    for (const coefs of ["adaptive" as const, [0.9]]) {
      expect(steerOf(await planRun(specOf(["demo/sun"], { layers: "1", coefs }), world.ports))?.state).toBe(
        "done",
      );
    }
    const spec = further({ layers: "2", coefs: "adaptive" });
    expect(steerOf(await planRun(spec, world.ports))?.reason).toBe("adds 1 search to the 6 that are there");
  });

  it("starts afresh where what the settings share has changed, and says what", async () => {
    const world = await steeredWorld();
    await world.store.write("datasets/traits/demo/sun/definition.txt", "How bright it is.");
    const spec = further({ layers: "2", coefs: [0.9], random_vectors: 4 });
    const why =
      "starts afresh: the results that are there are replaced (changed since: definition.txt; the number of random vectors)";
    expect(steerOf(await planRun(spec, world.ports))?.reason).toBe(why);
    await planAndRun(world.ports, spec);
    expect(settingsOf(await resultsOf(world))).toEqual(["2 0.9"]);
    expect(noticesOf(world)).toContain(`steering ${why}`);
    const left = Object.keys(resultFiles(world.store)).filter((path) => path.startsWith(FOLDER));
    expect(left.filter((path) => path.includes("layer1"))).toEqual([]);
  });

  it("starts afresh over results that do not say what they were made from", async () => {
    const world = await steeredWorld();
    const { inputs: _, ...old } = await resultsOf(world);
    await world.store.write(`${FOLDER}/results.json`, JSON.stringify(old));
    const reason = steerOf(await planRun(further({ coefs: [0.9] }), world.ports))?.reason;
    expect(reason).toMatch(/do not say what they were made from/);
    await world.store.write(`${FOLDER}/results.json`, "{");
    const damaged = steerOf(await planRun(further({ coefs: [0.9] }), world.ports))?.reason;
    expect(damaged).toMatch(/cannot be read/);
  });

  it("steers with vectors that were imported or combined, too, and says which are missing", async () => {
    const world = await steeredWorld();
    const folder = "experiments/e/extraction/demo/sun/vectors/response_all/residual";
    for (const path of await world.store.list(`${folder}/mean_diff`)) {
      const bytes = await world.store.read(path);
      if (bytes) await world.store.write(path.replace("/mean_diff/", "/mine/"), bytes);
    }
    await planAndRun(world.ports, further({ layers: "1", steering_methods: ["mine"] }));
    const { runs } = await resultsOf(world);
    const deltas = (method: string) =>
      runs.flatMap(({ config, result }) => (config.vectors[0]?.method === method ? [result.delta] : []));
    expect(deltas("mine")).toEqual(deltas("mean_diff"));
    expect(deltas("mine").length).toBeGreaterThan(0);
    const missing = planAndRun(world.ports, further({ layers: "1", steering_methods: ["nobody"] }));
    await expect(missing).rejects.toThrow(/vectors\/response_all\/residual\/nobody/);
  });
});
