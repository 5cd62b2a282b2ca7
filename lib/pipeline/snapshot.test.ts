import { describe, expect, it } from "vitest";
import type { RunSnapshot } from "./api.ts";
import { applyRunEvent, paceOf } from "./snapshot.ts";

const stage = {
  trait: "demo/optimism",
  stage: "generate" as const,
  state: "waiting" as const,
  done: 0,
  total: 0,
  failed: 0,
  unit: null,
  started_at: null,
  seconds: null,
};
const empty: RunSnapshot = {
  run_id: "r",
  experiment: "sample",
  traits: ["demo/optimism"],
  state: "queued",
  created_at: "2026-01-01T00:00:00.000Z",
  started_at: null,
  finished_at: null,
  stages: [stage, { ...stage, stage: "capture" }],
  judge: { calls: 0, cached: 0, cost_usd: null },
  notices: [],
  device: "cpu",
  judge_device: "cpu",
  workers: [],
  failures: [],
  error: null,
  result: null,
  command: "",
};
const where = { trait: "demo/optimism", stage: "generate" as const };

describe("a run's snapshot", () => {
  it("adds up what each lender did: rows, tokens of the batches that write, the last memory told", () => {
    const at = "2026-01-01T00:00:10.000Z";
    const batch = { worker: "tab", device: "wasm", kind: "generate" as const, rows: 8, seconds: 2 };
    const memory = { heap: 64, graphics: 0 };
    const after = [
      { ...batch, tokens: 100, memory: null },
      { ...batch, tokens: null, memory },
      { ...batch, device: "webgpu", tokens: 5, memory: null },
    ].reduce((run, work) => applyRunEvent(run, { at, kind: "work", work }), empty);
    expect(after.workers).toEqual([
      {
        name: "tab",
        device: "wasm",
        batches: 2,
        rows: 16,
        seconds: 4,
        tokens: 100,
        writing_seconds: 2,
        memory,
      },
      {
        name: "tab",
        device: "webgpu",
        batches: 1,
        rows: 8,
        seconds: 2,
        tokens: 5,
        writing_seconds: 2,
        memory: null,
      },
    ]);
  });

  it("follows its events and leaves other stages alone", () => {
    const counts = { done: 0, total: 8, failed: 0 };
    const started = applyRunEvent(empty, {
      kind: "stage",
      at: "2026-01-01T00:00:10.000Z",
      state: "running",
      ...where,
      ...counts,
    });
    const after = applyRunEvent(started, {
      kind: "progress",
      at: "2026-01-01T00:00:12.000Z",
      unit: "generations",
      ...where,
      ...counts,
      done: 4,
    });
    expect(after.stages[0]).toMatchObject({ state: "running", done: 4, total: 8, unit: "generations" });
    expect(after.stages[1]).toEqual(empty.stages[1]);
    expect(paceOf(after.stages[0] ?? stage, new Date("2026-01-01T00:00:12.000Z"))).toEqual({
      rate: 2,
      eta: 2,
    });
    expect(paceOf(stage, new Date(0))).toBeNull();
  });

  it("keeps the newest failures only", () => {
    let snapshot = empty;
    for (let item = 0; item < 250; item++) {
      snapshot = applyRunEvent(snapshot, {
        kind: "item-failed",
        at: "2026-01-01T00:00:00.000Z",
        item: `positive ${item}`,
        error: { code: "internal", message: "", userMessage: "no", retryable: false },
        ...where,
      });
    }
    expect(snapshot.failures).toHaveLength(200);
    expect(snapshot.failures.at(-1)?.item).toBe("positive 249");
  });
});
