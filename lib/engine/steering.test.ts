import { describe, expect, it } from "vitest";
import type { Steering } from "./contract.ts";
import { checkSteering, generatedGate, promptGate, steerTensor } from "./steering.ts";

const model = { layers: 3, hidden: 2 };
const steering = (layer: number, coef: number, vector = [1, 2]): Steering => ({
  vectors: [{ layer, coef, vector: Float32Array.from(vector) }],
  tokens: "all",
});

describe("the steering tensor", () => {
  it("holds coefficient times vector at the row and layer, zeros elsewhere", () => {
    const { dims, data } = steerTensor([steering(2, 3), undefined, steering(0, -1)], model);
    expect(dims).toEqual([3, 3, 2]);
    expect([...data]).toEqual([0, 0, 0, 0, 3, 6, 0, 0, 0, 0, 0, 0, -1, -2, 0, 0, 0, 0]);
  });

  it("sums vectors of the same layer: v − v is no steering", () => {
    const both: Steering = {
      tokens: "all",
      vectors: [...steering(1, 2).vectors, ...steering(1, -2).vectors, ...steering(0, 0).vectors],
    };
    expect([...steerTensor([both], model).data]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("is one row that the graph broadcasts where all rows share a steering", () => {
    const shared = steering(1, 1);
    expect(steerTensor([shared, shared, shared], model).dims).toEqual([1, 3, 2]);
    expect(steerTensor([undefined, undefined], model).dims).toEqual([1, 3, 2]);
    expect(steerTensor([shared, steering(1, 1)], model).dims).toEqual([2, 3, 2]);
  });
});

describe("which tokens are steered", () => {
  const scopes = ["default", "all", "prompt", "generated", undefined] as const;

  it("in the prompt: never the padding, never an unsteered row", () => {
    const { dims, data } = promptGate(scopes, [2, 2, 1, 2, 3], 3);
    expect(dims).toEqual([5, 3, 1]);
    expect([...data]).toEqual([0, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("in the answer", () => {
    const { dims, data } = generatedGate(scopes);
    expect(dims).toEqual([5, 1, 1]);
    expect([...data]).toEqual([1, 1, 0, 1, 0]);
  });
});

describe("a steering that does not fit the model", () => {
  it.each([
    [steering(3, 1), "cannot steer layer 3: this model has layers 0 to 2"],
    [steering(-1, 1), "cannot steer layer -1: this model has layers 0 to 2"],
    [
      steering(0, 1, [1, 2, 3]),
      "a steering vector of 3 values does not fit this model, whose width is 2: it was made with another model",
    ],
    [steering(1, Number.NaN), "the steering of layer 1 holds a value that is not a finite number"],
    [steering(1, 1, [1, Infinity]), "the steering of layer 1 holds a value that is not a finite number"],
  ])("is refused in one line", (bad, message) => {
    expect(() => checkSteering(bad, model)).toThrow(
      expect.objectContaining({ code: "invalid-input", message }),
    );
  });
});
