import { afterAll } from "vitest";
import type { Engine } from "#lib/engine/contract.ts";
import { loadNodeEngine, type NodeLoadParams } from "#lib/server/engine/load-engine.ts";
import { temporaryFolder } from "./temporary.ts";

/** Models in this thread (on one core: these are tiny), each loaded once and closed after the test file. */
export function engineLoader(): (modelId: string, params?: Partial<NodeLoadParams>) => Promise<Engine> {
  const home = temporaryFolder("tiller-engine");
  const loaded = new Map<string, Promise<Engine>>();
  afterAll(async () => {
    for (const engine of loaded.values()) await (await engine).dispose();
  });
  return (modelId, params = {}) => {
    const key = JSON.stringify([modelId, params]);
    const engine = loaded.get(key) ?? loadNodeEngine({ modelId, device: "cpu", home, threads: 1, ...params });
    loaded.set(key, engine);
    return engine;
  };
}
