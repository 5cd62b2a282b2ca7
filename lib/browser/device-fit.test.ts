import { describe, expect, it } from "vitest";
import { needsOf } from "./choose-model.ts";
import { type DeviceAbilities, misfit, requireFit, size, usableVariants } from "./device-fit.ts";

const MB = 2 ** 20;
const card = (halfPrecision: boolean, largestBuffer = 256 * MB): DeviceAbilities => ({
  device: "webgpu",
  halfPrecision,
  largestBuffer,
});
const wasm: DeviceAbilities = {
  device: "wasm",
  halfPrecision: true,
  largestBuffer: Number.POSITIVE_INFINITY,
};

describe("which variant a device computes", () => {
  const all = ["", "fp16", "q4f16", "q4", "int8"];

  it("takes the plainest numbers first, on an adapter that computes in half precision", () => {
    expect(usableVariants(all, card(true))).toEqual(all);
    expect(usableVariants(["q4f16", "q4"], card(true))[0]).toBe("q4f16");
  });

  it("without shader-f16 takes q4, not q4f16, and nothing where only half precision is offered", () => {
    expect(usableVariants(all, card(false))).toEqual(["", "q4", "int8"]);
    expect(usableVariants(["q4f16", "q4"], card(false))).toEqual(["q4"]);
    expect(usableVariants(["fp16", "q4f16"], card(false))).toEqual([]);
  });

  it("keeps half precision for the last on WASM", () => {
    expect(usableVariants(all, wasm)).toEqual(["", "q4", "int8", "fp16", "q4f16"]);
  });
});

describe("whether a model fits", () => {
  it("goes by how the weights are stored, whatever the file is called", () => {
    const listing = {
      id: "m",
      variant: "",
      variants: [""],
      graphFile: "onnx/model.onnx",
      files: [],
      largestWeight: 1,
      dtype: "fp16",
      tiller: null,
    };
    expect(misfit(needsOf(listing), card(false))).toMatch(/half precision \(fp16\)/);
    expect(misfit(needsOf({ ...listing, dtype: null }), card(false))).toBeNull();
  });

  it("names the buffer that is needed and the one that is allowed", () => {
    const needs = { variant: "", largestWeight: 512 * MB, weights: 900 * MB };
    expect(misfit(needs, card(true))).toBe("needs a 512 MB buffer, this adapter allows 256 MB");
    expect(misfit(needs, card(true, 512 * MB))).toBeNull();
    expect(misfit({ ...needs, largestWeight: 512 * MB + 1 }, card(true, 512 * MB))).not.toBeNull();
    expect(misfit({ ...needs, largestWeight: null }, card(true))).toBeNull();
  });

  it("lets WASM hold what 4 GiB of addresses can", () => {
    expect(misfit({ variant: "fp16", largestWeight: 512 * MB, weights: 3000 * MB }, wasm)).toBeNull();
    expect(misfit({ variant: "", largestWeight: null, weights: 4000 * MB }, wasm)).toBe(
      "needs 3.9 GB of memory for its weights, WebAssembly allows 3.5 GB",
    );
  });

  it("needs an adapter that computes as the variant does", () => {
    const needs = { variant: "q4f16", largestWeight: MB, weights: MB };
    expect(misfit(needs, card(true))).toBeNull();
    expect(misfit(needs, card(false))).toMatch(/half precision \(q4f16\).*shader-f16 is missing/);
    expect(misfit({ ...needs, variant: "q4" }, card(false))).toBeNull();
  });

  it("says what to do about it", () => {
    expect(() =>
      requireFit("big", { variant: "", largestWeight: 2048 * MB, weights: 0 }, card(true)),
    ).toThrow(
      "model big needs a 2 GB buffer, this adapter allows 256 MB: choose a smaller or more strongly quantised model, or run it on the server",
    );
  });

  it("writes sizes in the units of the limits", () => {
    expect([0, 16_384, 1.5 * MB, 134_217_728, 2 ** 31 - 1, 2 ** 31].map(size)).toEqual([
      "0 KB",
      "16 KB",
      "1.5 MB",
      "128 MB",
      "2 GB",
      "2 GB",
    ]);
  });
});
