import { describe, expect, it } from "vitest";
import type { EvaluationRow } from "#lib/pipeline/results.ts";
import { bestRow, layersOf, methodsOf } from "./metrics.ts";

const row = (method: string, layer: number, combined_score: number | null): EvaluationRow => ({
  trait: "demo/optimism",
  method,
  layer,
  component: "residual",
  position: "response[:]",
  val_accuracy: 0.9,
  val_accuracy_ci: [0.8, 1],
  val_auroc: 0.95,
  val_auroc_ci: [0.9, 1],
  val_effect_size: 2,
  polarity_correct: true,
  combined_score,
  n_val_pos: 20,
  n_val_neg: 20,
});

describe("evaluation rows", () => {
  const rows = [row("random", 1, 0.99), row("probe", 2, 0.8), row("mean_diff", 0, 0.9), row("own", 0, null)];
  it("never call the random direction the best", () => {
    expect(bestRow(rows)?.method).toBe("mean_diff");
    expect(bestRow([row("random", 0, 1), row("probe", 0, null)])).toBeNull();
  });

  it("come in a fixed order, random last", () => {
    expect(methodsOf(rows)).toEqual(["mean_diff", "probe", "own", "random"]);
    expect(layersOf(rows)).toEqual([0, 1, 2]);
  });
});
