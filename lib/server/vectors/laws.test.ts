import { expect, it } from "vitest";
import type { Engine } from "#lib/engine/contract.ts";
import { engineLoader } from "#lib/testing/engine-models.ts";
import { rawOf, type StoredVector, unitOf, weightedSum } from "#lib/vectors/arithmetic.ts";

const load = engineLoader();

/** Answers steered at layer 2 with a stored vector; the coefficient counts in its own length. */
async function answers(engine: Engine, { vector, norm }: StoredVector, coef: number) {
  const steering = { tokens: "default" as const, vectors: [{ layer: 2, coef: coef * norm, vector }] };
  const texts = ["The baker opened the shop and", "When the letter came"];
  const rows = texts.map((text) => ({ prompt: { text }, maxNewTokens: 16, steering }));
  return (await engine.generate(rows)).map(({ responseTokens }) => responseTokens);
}

it("in the model, v − v is the baseline and 2v at a coefficient is v at twice the coefficient", async () => {
  const engine = await load("demo");
  const { hidden } = engine.describe();
  const v = unitOf(Float64Array.from({ length: hidden }, (_, at) => 20 * Math.sin(at * 1.7)));
  const sum = (...factors: number[]) =>
    unitOf(
      weightedSum(
        factors.map((factor) => ({ factor, vector: rawOf(v) })),
        hidden,
      ),
    );
  const baseline = await answers(engine, v, 0);
  expect(await answers(engine, sum(1, -1), 1000)).toEqual(baseline);
  const steered = await answers(engine, v, 2);
  expect(steered).not.toEqual(baseline);
  expect(await answers(engine, sum(2), 1)).toEqual(steered);
  expect(await answers(engine, sum(1, 1), 1)).toEqual(steered);
});
