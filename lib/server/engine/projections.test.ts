import { describe, expect, it } from "vitest";
import { parsePosition } from "#lib/core/position.ts";
import type { CaptureRow } from "#lib/engine/contract.ts";
import { projectTokens } from "#lib/engine/projections.ts";
import { engineLoader } from "#lib/testing/engine-models.ts";

const load = engineLoader();

describe("projections of tokens", () => {
  it("are the token's state on the unit vector, and their mean is the projection of the mean state", async () => {
    const engine = await load("demo");
    const { hidden } = engine.describe();
    const wave = (phase: number) =>
      Float32Array.from({ length: hidden }, (_, at) => Math.sin(at * 1.7 + phase));
    const directions = [
      { layer: 3, component: "residual" as const, vector: wave(0) },
      { layer: 1, component: "residual" as const, vector: wave(1).map((value) => 5 * value) },
      { layer: 1, component: "mlp_out" as const, vector: wave(2) },
    ];
    const texts = ["The baker opened the shop", "It rained", ""];
    const tokens = await engine.encodeText(texts);
    const rows = tokens.map(
      (all): CaptureRow => ({ promptTokens: all.slice(0, 1), responseTokens: all.slice(1) }),
    );
    const projections = await projectTokens(engine, rows, directions);
    expect(projections.map((row) => row.map(({ length }) => length))).toEqual(
      tokens.map(({ length }) => [length, length, length]),
    );
    for (const [place, { layer, component, vector }] of directions.entries()) {
      const length = Math.hypot(...vector);
      for (const [row, { promptTokens, responseTokens }] of rows.slice(0, 2).entries()) {
        const [means] = await engine.capture({
          rows: [{ promptTokens, responseTokens }],
          positions: [parsePosition("all[:]")],
          component,
          layers: [layer],
        });
        const expected = vector.reduce(
          (sum, value, at) => sum + (value / length) * (means?.values[at] ?? 0),
          0,
        );
        const values = [...(projections[row]?.[place] ?? [])];
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(mean).toBeCloseTo(expected, 4);
        // A token's state knows nothing of what follows it.
        const [first] = await projectTokens(engine, [{ promptTokens, responseTokens: [] }], directions);
        expect(first?.[place]?.[0]).toBeCloseTo(values[0] ?? Number.NaN, 4);
      }
    }
    await expect(
      projectTokens(engine, rows, [{ layer: 0, component: "residual", vector: new Float32Array(hidden) }]),
    ).rejects.toThrow(/a vector of zeros has no direction/);
    await expect(
      projectTokens(engine, rows, [{ layer: 0, component: "residual", vector: new Float32Array(3) }]),
    ).rejects.toThrow(/3 values .*width is 192/);
  });

  it("belong to token texts that add up to the row's text", async () => {
    const engine = await load("demo");
    const text = "It rained all day — the café was shut.";
    const [tokens = []] = await engine.encodeText([text]);
    const [pieces = []] = await engine.tokenTexts([tokens]);
    expect(pieces).toHaveLength(tokens.length);
    expect(pieces.join("")).toBe(text);
  });
});
