import { AppError } from "#lib/core/errors.ts";
import type { Engine, EngineProvider, LoadOptions, MemoryInUse } from "#lib/engine/contract.ts";

/**
 * Loads a model beside those in `loaded`, by id. A run and its judge may need two: where the memory does not hold both,
 * the others are closed and taken out of `loaded` first. Throws what loading throws.
 */
export async function loadBeside(
  loaded: Map<string, Engine>,
  engines: EngineProvider,
  id: string,
  options: LoadOptions,
): Promise<Engine> {
  try {
    return await engines.load(id, options);
  } catch (thrown) {
    const { code, retryable } = AppError.from(thrown);
    const memory = code === "out-of-memory" || code === "internal" || (code === "model-load" && !retryable);
    if (!memory || loaded.size === 0) throw thrown;
    options.onProgress?.(`${id} did not load beside ${[...loaded.keys()].join(", ")}: one model at a time`);
    const others = [...loaded.values()];
    loaded.clear();
    for (const engine of others) await engine.dispose();
    return engines.load(id, options);
  }
}

/** What all loaded models hold; undefined where none tells. */
export async function memoryOf(loaded: ReadonlyMap<string, Engine>): Promise<MemoryInUse | undefined> {
  const tell = async (engine: Engine) => (await engine.memory?.().catch(() => null)) ?? null;
  const told = await Promise.all([...loaded.values()].map(tell));
  const known = told.filter((memory) => memory !== null);
  if (known.length === 0) return undefined;
  const sum = (part: keyof MemoryInUse) => known.reduce((total, memory) => total + memory[part], 0);
  return { heap: sum("heap"), graphics: sum("graphics") };
}
