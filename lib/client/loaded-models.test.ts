import { describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import type { Engine } from "#lib/engine/contract.ts";
import { FakeEngine } from "#lib/testing/fake-engine.ts";
import { loadBeside, memoryOf } from "./loaded-models.ts";

/** A tab whose memory holds so many models. */
function tab(room: number, error = new AppError("out-of-memory", "the memory is full")) {
  let open = 0;
  const told: string[] = [];
  const engines = {
    async load(): Promise<Engine> {
      if (open === room) throw error;
      open++;
      return Object.assign(new FakeEngine(), {
        dispose: async () => {
          open--;
        },
      });
    },
  };
  const loaded = new Map<string, Engine>();
  const load = async (id: string) =>
    loaded.set(
      id,
      await loadBeside(loaded, engines, id, { device: "wasm", onProgress: (message) => told.push(message) }),
    );
  return { load, loaded, told };
}

describe("a second model", () => {
  it("is loaded beside the first where the memory holds both", async () => {
    const { load, loaded, told } = tab(2);
    await load("run");
    await load("judge");
    expect([...loaded.keys()]).toEqual(["run", "judge"]);
    expect(told).toEqual([]);
  });

  it("takes the first one's place where it does not, and gives it back in turn", async () => {
    const { load, loaded, told } = tab(1);
    await load("run");
    await load("judge");
    expect([...loaded.keys()]).toEqual(["judge"]);
    await load("run");
    expect([...loaded.keys()]).toEqual(["run"]);
    expect(told[0]).toBe("judge did not load beside run: one model at a time");
  });

  it("fails as it does alone, for want of memory or for another reason", async () => {
    await expect(tab(0).load("run")).rejects.toMatchObject({ code: "out-of-memory" });
    const other = tab(1, new AppError("not-found", "no such model"));
    await other.load("run");
    await expect(other.load("judge")).rejects.toMatchObject({ code: "not-found" });
    expect([...other.loaded.keys()]).toEqual(["run"]);
  });
});

it("the memory of all loaded models is told, of those that tell", async () => {
  const holding = (heap: number, graphics: number): Engine =>
    Object.assign(new FakeEngine(), { memory: async () => ({ heap, graphics }) });
  const broken: Engine = Object.assign(new FakeEngine(), {
    memory: () => Promise.reject(new AppError("internal", "its worker stopped")),
  });
  const models: [string, Engine][] = [
    ["a", holding(10, 1)],
    ["b", holding(20, 2)],
    ["c", broken],
    ["d", new FakeEngine()],
  ];
  expect(await memoryOf(new Map(models))).toEqual({ heap: 30, graphics: 3 });
  expect(await memoryOf(new Map(models.slice(2)))).toBeUndefined();
});
