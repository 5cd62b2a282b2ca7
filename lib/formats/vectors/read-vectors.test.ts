import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writePt } from "../pt.ts";
import { writeSafetensors } from "../safetensors.ts";
import { float16Tensor, float32Tensor } from "../tensor.ts";
import { readVectors } from "./read-vectors.ts";
import { vectorFormats } from "./registry.ts";
import type { VectorSet } from "./vector-set.ts";

const AT = "2026-01-02T03:04:05.000Z";
const values = fc.float({ min: -4, max: 4, noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);
const sets = fc
  .tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 7 }))
  .chain(([layers, hidden]) =>
    fc.array(fc.array(values, { minLength: hidden, maxLength: hidden }), {
      minLength: layers,
      maxLength: layers,
    }),
  )
  // A stack in one tensor says a layer is not known by zeros.
  .filter((all) => all.every((vector) => vector.some((value) => value !== 0)))
  .map(
    (all): VectorSet => ({
      model: "demo",
      modelType: "llama",
      trait: "demo/optimism",
      method: "mean_diff",
      position: "response[:]",
      component: "residual",
      layerCount: all.length,
      hidden: all[0]?.length ?? 0,
      layers: new Map(
        all.map((vector, layer) => [layer, { vector: Float32Array.from(vector), norm: layer + 0.5 }]),
      ),
      best: null,
    }),
  );

const plain = (layers: ReadonlyMap<number, { vector: Float32Array }>) =>
  [...layers].map(([layer, { vector }]) => [layer, [...vector]]);

describe("vectors come back from every format they leave in", () => {
  it("with their layers and values; norms where the format has them", () => {
    fc.assert(
      fc.property(sets, (set) => {
        const expected = plain(set.layers);
        const filesOf = (format: keyof typeof vectorFormats) => vectorFormats[format].files(set, AT);
        for (const format of ["safetensors", "pt-stacked", "gguf", "svec", "csv"] as const) {
          const [file] = filesOf(format);
          const read = readVectors({ bytes: file?.bytes ?? new Uint8Array(), file: file?.name ?? "" });
          expect(plain(read.layers), format).toEqual(expected);
          if (format === "safetensors" || format === "csv") {
            expect([...read.layers.values()].map(({ norm }) => norm)).toEqual(
              expected.map((_, at) => at + 0.5),
            );
          }
        }
        for (const format of ["pt", "neuronpedia"] as const) {
          const parts = filesOf(format).map(({ name, bytes }) => readVectors({ bytes, file: name }));
          expect(
            parts.flatMap(({ layers }) => plain(layers)),
            format,
          ).toEqual(expected);
        }
        const [safe] = filesOf("gguf-llamacpp");
        expect(plain(readVectors({ bytes: safe?.bytes ?? new Uint8Array(), file: "x" }).layers)).toEqual(
          expected.slice(1),
        );
      }),
      { numRuns: 30 },
    );
  });

  it("and from what other tools write alike", () => {
    const tensor = float32Tensor(Float32Array.of(3, 4), [2]);
    const legacy = writeSafetensors({ steering_vector: tensor });
    expect(plain(readVectors({ bytes: legacy, file: "x.safetensors", layer: 4 }).layers)).toEqual([
      [4, [3, 4]],
    ]);
    const own = writeSafetensors({ vector: tensor }, { layer: "2" });
    expect(plain(readVectors({ bytes: own, file: "x.safetensors" }).layers)).toEqual([[2, [3, 4]]]);
    const dict = writePt(new Map([["layer_1", float16Tensor(Float32Array.of(0.5, 1), [1, 2])]]));
    expect(plain(readVectors({ bytes: dict, file: "x.pt" }).layers)).toEqual([[1, [0.5, 1]]]);
  });
});

describe("a file that cannot be taken is refused in one line", () => {
  const refuse = (bytes: Uint8Array, file = "x") => {
    try {
      readVectors({ bytes, file });
    } catch (error) {
      return (error as Error).message;
    }
    return "taken";
  };
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

  it("saying what and where", () => {
    const tensor = float32Tensor(Float32Array.of(3, 4), [2]);
    expect(refuse(new TextEncoder().encode("hello"))).toMatch(/^x: it is none of GGUF control vector,/);
    expect(refuse(writePt(tensor), "vector.pt")).toBe(
      "vector.pt does not say which layer its vector is of: add --layer",
    );
    expect(refuse(writeSafetensors({ weight: tensor }))).toContain("no tensor is called layer_0");
    expect(refuse(writeSafetensors({ layer_0: float32Tensor(new Float32Array(4), [2, 2]) }))).toContain(
      "[2, 2]",
    );
    expect(refuse(json({ directions: { 0: [1, 2], 1: [1] } }))).toContain("layer 1 has 1 numbers");
    expect(refuse(json({ layerNumber: 1, vector: [1], hookType: "mlp" }))).toContain("Neuronpedia");
    expect(refuse(new TextEncoder().encode("layer,norm,v0\n0,1,x\n"))).toContain("x:2:");
    const infinite = float32Tensor(Float32Array.of(1, Number.POSITIVE_INFINITY), [2]);
    expect(refuse(writeSafetensors({ layer_3: infinite }))).toBe("x: layer 3, dimension 1 is Infinity");
  });

  it("and never in another way, however damaged", () => {
    fc.assert(
      fc.property(sets, fc.nat(400), fc.nat(255), (set, at, value) => {
        for (const format of ["safetensors", "pt-stacked", "gguf", "svec", "csv"] as const) {
          const damaged = vectorFormats[format].files(set, AT)[0]?.bytes.slice() ?? new Uint8Array();
          damaged[at % damaged.length] = value;
          try {
            readVectors({ bytes: damaged, file: "x" });
          } catch (error) {
            expect((error as { code?: string }).code).toMatch(/^(invalid-file|usage)$/);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
