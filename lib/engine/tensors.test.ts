import { describe, expect, it } from "vitest";
import { halfToFloat } from "./half.ts";
import { asFloat32, elementType, integers, selectRows, zeros } from "./tensors.ts";

describe("half floats", () => {
  it("become the float32 they stand for", () => {
    const values = [0, 1, -2, 65504, 2 ** -14, 2 ** -24, -(2 ** -24), 0.333251953125];
    const bits = [0x0000, 0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8001, 0x3555];
    expect([...halfToFloat(Uint16Array.from(bits))]).toEqual(values);
    expect([...halfToFloat(Uint16Array.of(0x7c00, 0xfc00, 0x7e00))]).toEqual([
      Infinity,
      -Infinity,
      Number.NaN,
    ]);
  });

  it("agree with the platform's own conversion for all 65,536 patterns", () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, at) => at);
    const view = new DataView(bits.buffer);
    const values = halfToFloat(bits);
    const wrong = values.findIndex((value, at) => !Object.is(value, view.getFloat16(2 * at, true)));
    expect(wrong).toBe(-1);
  });
});

describe("tensors", () => {
  it("may have no elements", () => {
    expect(zeros("float32", [2, 6, 0, 32])).toEqual({
      type: "float32",
      dims: [2, 6, 0, 32],
      data: new Float32Array(),
    });
    expect(zeros("int64", []).data).toEqual(BigInt64Array.of(0n));
  });

  it("carry integers in the type that the graph asks for", () => {
    expect(integers("int64", Int32Array.of(3, -1), [2]).data).toEqual(BigInt64Array.of(3n, -1n));
    expect(integers("int32", Int32Array.of(3, -1), [2]).data).toEqual(Int32Array.of(3, -1));
  });

  it("keep the chosen rows in their order", () => {
    const tensor = { type: "float32" as const, dims: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
    expect(selectRows(tensor, [2, 0])).toEqual({
      type: "float32",
      dims: [2, 2],
      data: Float32Array.of(5, 6, 1, 2),
    });
    const longs = { type: "int64" as const, dims: [2, 1], data: BigInt64Array.of(7n, 8n) };
    expect(selectRows(longs, [1]).data).toEqual(BigInt64Array.of(8n));
  });

  it("refuse types that the session port does not carry", () => {
    expect(() => elementType("bfloat16", "past.0")).toThrow(
      expect.objectContaining({
        code: "model-unsupported",
        message: "the model's input past.0 has type bfloat16, which is not known",
      }),
    );
    expect(() => asFloat32({ type: "int64", dims: [1], data: BigInt64Array.of(1n) })).toThrow(
      "expected a float tensor, got int64",
    );
  });
});
