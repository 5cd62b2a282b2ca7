import { describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import type {
  CapturedRow,
  CaptureRequest,
  EngineCallOptions,
  GenerateRow,
  Generation,
} from "#lib/engine/contract.ts";
import { FakeEngine } from "#lib/testing/fake-engine.ts";
import { fakeWorld, type MemoryStore } from "#lib/testing/fake-ports.ts";
import { planAndRun, resultFiles, specOf, writeTrait } from "#lib/testing/pipeline-experiment.ts";
import { parseResponses } from "./responses.ts";

const TRAIT = "demo/sun";

/** Gives up every third row of a call, or all of them. */
class FlawedEngine extends FakeEngine {
  readonly #kinds: readonly ("generate" | "capture" | "all")[];

  constructor(...kinds: ("generate" | "capture" | "all")[]) {
    super();
    this.#kinds = kinds;
  }

  override generate(rows: GenerateRow[], options: EngineCallOptions = {}): Promise<Generation[]> {
    this.#fail("generate", rows.length, options);
    return super.generate(rows, options);
  }

  override capture(request: CaptureRequest, options: EngineCallOptions = {}): Promise<CapturedRow[]> {
    this.#fail("capture", request.rows.length, options);
    return super.capture(request, options);
  }

  #fail(kind: "generate" | "capture", rows: number, { onRowFailed }: EngineCallOptions): void {
    const error = new AppError("out-of-memory", "the tab's memory is full");
    const all = this.#kinds.includes("all");
    if (!all && !this.#kinds.includes(kind)) return;
    for (let row = 0; row < rows; row++) if (all || row % 3 === 2) onRowFailed?.(row, error);
  }
}

async function run(engine: FakeEngine, store?: MemoryStore, ledger = fakeWorld().ledger) {
  const world = fakeWorld({ engine, ledger, ...(store ? { store } : {}) });
  if (!store) await writeTrait(world.store, TRAIT);
  const result = await planAndRun(world.ports, specOf([TRAIT]));
  const failed = (stage: string) =>
    world.events.flatMap((event) =>
      event.kind === "item-failed" && event.stage === stage ? [`${event.item}: ${event.error.message}`] : [],
    );
  return { ...world, result, failed };
}

async function expectMended({ store, ledger }: Awaited<ReturnType<typeof run>>) {
  const mended = await run(new FakeEngine(), store, ledger);
  expect(mended.result.failed_items).toBe(0);
  const sound = await run(new FakeEngine());
  expect(resultFiles(mended.store)).toEqual(resultFiles(sound.store));
}

describe("rows that an engine gives up on", () => {
  it("fail as items of generation and steering; the run goes on, and the next one mends them", async () => {
    const flawed = await run(new FlawedEngine("generate"));
    // 24 scenarios in groups of eight.
    expect(flawed.failed("generate")).toHaveLength(6);
    expect(flawed.failed("generate")[0]).toBe("positive 3: the tab's memory is full");
    expect(flawed.failed("steer").length).toBeGreaterThan(0);
    expect(flawed.result.traits[0]).toMatchObject({ vectors: 9 });
    expect(flawed.result.failed_items).toBe(6 + flawed.failed("steer").length);
    const path = "experiments/e/extraction/demo/sun/responses/pos.json";
    const written = parseResponses((await flawed.store.readText(path)) ?? "", path);
    expect(written.map(({ index }) => index)).toEqual([0, 1, 3, 4, 6, 7, 8, 9, 11]);
    await expectMended(flawed);
  });

  it("fail as items of capture, of the activations as of the norms", async () => {
    const flawed = await run(new FlawedEngine("capture"));
    expect(flawed.failed("capture")).toHaveLength(6);
    expect(flawed.failed("steer")).toEqual(["norm of baseline answer 3: the tab's memory is full"]);
    expect(flawed.result.traits[0]).toMatchObject({ vectors: 9 });
    await expectMended(flawed);
  });

  it("end the run when nothing at all could be computed", async () => {
    await expect(run(new FlawedEngine("all"))).rejects.toMatchObject({ code: "out-of-memory" });
  });
});
