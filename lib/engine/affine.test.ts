import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dot, norm } from "#lib/core/linear.ts";
import {
  BATCH,
  edit,
  float,
  HIDDEN,
  kinds,
  LAYERS,
  LENGTH,
  maxError,
  reference,
  run,
  tolerance,
} from "#lib/testing/tiny-decoders.ts";
import { affineTensors } from "./affine.ts";
import type { Steering, SteerOperator } from "./contract.ts";
import type { HostTensor } from "./session.ts";

const model = { layers: LAYERS, hidden: HIDDEN };
const unit = (vector: ArrayLike<number>) => Float32Array.from(vector, (value) => value / norm(vector));
const whole = (vectors: Steering["vectors"]): Steering => ({ tokens: "all", vectors });

describe.each(kinds)("affine steering of a %s decoder", (kind) => {
  const ref = reference(kind);
  const [v, w] = [unit(ref("vec")), unit(ref("other"))];
  const last = LAYERS - 1;
  const layers = Array.from({ length: LAYERS }, (_, layer) => layer);
  const gate = new Float32Array(BATCH * LENGTH);
  for (let row = 0; row < BATCH; row++) gate.fill(1, row * LENGTH + 4, (row + 1) * LENGTH);
  const logits = async (steering: readonly Steering[], gates = gate) => {
    const tensor = ({ data, dims }: HostTensor) => float(data as Float32Array, [...dims]);
    const { directions, add, mul } = affineTensors(steering, model);
    const outputs = await run(kind, edit(kind, { variant: "full", steer: "affine" }), {
      "tiller.directions": tensor(directions),
      "tiller.add": tensor(add),
      "tiller.mul": tensor(mul),
      "tiller.gate": float(gates, [BATCH, LENGTH, 1]),
    });
    return outputs.logits as Float32Array;
  };
  const same = (steering: Steering) => Array.from({ length: BATCH }, () => steering);

  // References of tools/graph-fixtures/make.py: each operator written out in a PyTorch hook.
  it.each<[string, Steering]>([
    ["steer", whole([{ layer: last, vector: ref("vec"), coef: 3 }])],
    ["ablate", whole(layers.map((layer) => ({ layer, vector: v, coef: 0, operator: "ablate" })))],
    ["clamp", whole([{ layer: last, vector: v, coef: 2.5, operator: "clamp" }])],
    [
      "mixed",
      whole([
        { layer: last, vector: v, coef: 1.5, operator: "clamp" },
        { layer: last, vector: w, coef: 3 },
        { layer: last, vector: w, coef: 7, operator: "ablate" },
      ]),
    ],
  ])("%s gives the logits of a PyTorch hook", async (name, steering) => {
    expect(maxError(await logits(same(steering)), ref(`nopad.${name}.logits`))).toBeLessThan(tolerance(kind));
  });

  it("edits each row of a batch by its own, and leaves the others as they are", async () => {
    const clamp = whole([{ layer: last, vector: v, coef: 2.5, operator: "clamp" }]);
    const half = ref("nopad.logits").length / BATCH;
    const edited = await logits([clamp, whole([])]);
    expect(maxError(edited.subarray(0, half), ref("nopad.clamp.logits").subarray(0, half))).toBeLessThan(
      tolerance(kind),
    );
    expect(maxError(edited.subarray(half), ref("nopad.logits").subarray(half))).toBeLessThan(tolerance(kind));
  });

  it("with a closed gate changes no bit", async () => {
    const clamp = same(whole([{ layer: last, vector: v, coef: 2.5, operator: "clamp" }]));
    const plain = await run(kind, edit(kind, { variant: "full", steer: false }));
    expect(maxError(await logits(clamp, new Float32Array(BATCH * LENGTH)), plain.logits ?? [])).toBe(0);
  });
});

/** h + (add + mul ∘ (h·Vᵀ))·V at one layer, as the graph computes it, in float64. */
function applied(steering: Steering, state: Float64Array): Float64Array {
  const hidden = state.length;
  const { directions, add, mul } = affineTensors([steering], { layers: 1, hidden });
  const result = Float64Array.from(state);
  for (let k = 0; k < (add.dims[2] ?? 0); k++) {
    const direction = (directions.data as Float32Array).subarray(k * hidden, (k + 1) * hidden);
    const amount = Number(add.data[k]) + Number(mul.data[k]) * dot(direction, state);
    for (let at = 0; at < hidden; at++) result[at] = (result[at] ?? 0) + amount * (direction[at] ?? 0);
  }
  return result;
}

describe("affine tensors", () => {
  const hidden = 6;
  const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), {
    minLength: hidden,
    maxLength: hidden,
  });
  const vector = values.filter((list) => norm(list) > 0.5).map((list) => Float32Array.from(list));
  const part = (operator: SteerOperator) =>
    fc.record({
      layer: fc.constant(0),
      vector,
      coef: fc.double({ min: -4, max: 4, noNaN: true }),
      operator: fc.constant(operator),
    });

  it("hold the projections where they are told, whatever was added and whatever angle lies between", () => {
    fc.assert(
      fc.property(
        fc.array(part("clamp"), { minLength: 1, maxLength: 3 }),
        fc.array(part("ablate"), { maxLength: 2 }),
        fc.array(part("add"), { maxLength: 2 }),
        values,
        (clamps, ablations, additions, state) => {
          const held = [...clamps, ...ablations];
          const spread = (one: ArrayLike<number>, other: ArrayLike<number>) =>
            Math.abs(dot(unit(one), unit(other)));
          // Nearly parallel vectors ask for large changes; their exact solution is no question of this code.
          fc.pre(
            held.every((one, at) => held.slice(0, at).every(({ vector: o }) => spread(one.vector, o) < 0.9)),
          );
          fc.pre(held.length < 3 || smallestAngle(held.map(({ vector: one }) => unit(one))) > 0.2);
          const result = applied(whole([...additions, ...held]), Float64Array.from(state));
          for (const { vector: one, coef, operator } of held) {
            expect(dot(unit(one), result)).toBeCloseTo(operator === "clamp" ? coef : 0, 3);
          }
        },
      ),
    );
  });

  it("do nothing for an addition of nothing, and refuse one direction at two values", () => {
    const state = Float64Array.from({ length: hidden }, (_, at) => at - 2);
    const e = Float32Array.from({ length: hidden }, (_, at) => Number(at === 0));
    expect(applied(whole([{ layer: 0, vector: e, coef: 0 }]), state)).toEqual(state);
    const twice = (coef: number) =>
      whole([
        { layer: 0, vector: e, coef: 2, operator: "clamp" },
        { layer: 0, vector: e.map((value) => 3 * value), coef, operator: "clamp" },
      ]);
    expect(dot(e, applied(twice(2), state))).toBeCloseTo(2, 6);
    expect(() => applied(twice(3), state)).toThrow(/layer 0: two vectors of one direction/);
  });
});

/** Length of the shortest remainder of one unit vector after the others are taken out of it in turn. */
function smallestAngle(vectors: readonly Float32Array[]): number {
  const basis: Float64Array[] = [];
  let least = 1;
  for (const one of vectors) {
    const rest = Float64Array.from(one);
    for (const q of basis) {
      const share = dot(rest, q);
      for (let at = 0; at < rest.length; at++) rest[at] = (rest[at] ?? 0) - share * (q[at] ?? 0);
    }
    least = Math.min(least, norm(rest));
    basis.push(rest.map((value) => value / (norm(rest) || 1)));
  }
  return least;
}
