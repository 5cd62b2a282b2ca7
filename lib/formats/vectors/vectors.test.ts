import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { readPt } from "../pt.ts";
import { readSafetensors } from "../safetensors.ts";
import { type Tensor, toFloat32 } from "../tensor.ts";
import { readControlVector } from "./control-vector.ts";
import { vectorFormatNames } from "./format-names.ts";
import { vectorFormats } from "./registry.ts";
import type { VectorSet } from "./vector-set.ts";

const AT = "2026-01-02T03:04:05.000Z";

function setOf(values: Float32Array<ArrayBuffer>[], best: VectorSet["best"] = null): VectorSet {
  return {
    model: "demo",
    modelType: "llama",
    trait: "demo/optimism",
    method: "gradient:mean-margin",
    position: "response[:]",
    component: "residual",
    layerCount: values.length,
    hidden: values[0]?.length ?? 0,
    layers: new Map(values.map((vector, layer) => [layer, { vector, norm: layer + 0.5 }])),
    best,
  };
}

const sets = fc
  .tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 1, max: 9 }))
  .chain(([layers, hidden]) =>
    fc.array(
      fc.float32Array({ minLength: hidden, maxLength: hidden, noNaN: true, noDefaultInfinity: true }),
      {
        minLength: layers,
        maxLength: layers,
      },
    ),
  )
  .map((values) => setOf(values.map((vector) => new Float32Array(vector))));

const filesOf = (set: VectorSet, format: (typeof vectorFormatNames)[number]) =>
  vectorFormats[format].files(set, AT);
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
const plain = (set: VectorSet) => [...set.layers.values()].map(({ vector }) => [...vector].map((x) => x + 0));

describe("exports of vectors", () => {
  it("hold the very values, layer by layer, in every format", () => {
    fc.assert(
      fc.property(sets, (set) => {
        const expected = plain(set);
        const [safetensors] = filesOf(set, "safetensors");
        const { tensors, metadata } = readSafetensors(safetensors?.bytes ?? new Uint8Array());
        const values = (tensor: Tensor | undefined) =>
          [...(tensor ? toFloat32(tensor) : [])].map((x) => x + 0);
        expect(expected.map((_, layer) => values(tensors.get(`layer_${layer}`)))).toEqual(expected);
        expect(metadata).toMatchObject({ num_layers: String(set.layerCount), created_at: AT });

        expect(filesOf(set, "pt").map(({ bytes }) => values(readPt(bytes) as Tensor))).toEqual(expected);
        const stacked = readPt(filesOf(set, "pt-stacked")[0]?.bytes ?? new Uint8Array()) as Tensor;
        expect(stacked.shape).toEqual([set.layerCount + 1, set.hidden]);
        expect(values(stacked)).toEqual([...new Array(set.hidden).fill(0), ...expected.flat()]);

        for (const format of ["gguf", "gguf-llamacpp"] as const) {
          const [file] = filesOf(set, format);
          const { modelHint, directions } = readControlVector(file?.bytes ?? new Uint8Array(), "x.gguf");
          expect(modelHint).toBe("llama");
          const kept = expected.map((_, layer) => layer).filter((layer) => format === "gguf" || layer > 0);
          expect([...directions.keys()]).toEqual(kept);
          for (const layer of kept)
            expect([...(directions.get(layer) ?? [])].map((x) => x + 0)).toEqual(expected[layer]);
        }

        const svec = JSON.parse(text(filesOf(set, "svec")[0]?.bytes));
        expect(Object.values(svec.directions)).toEqual(expected);
        expect(filesOf(set, "neuronpedia").map(({ bytes }) => JSON.parse(text(bytes)))).toMatchObject(
          expected.map((vector, layerNumber) => ({ vector, layerNumber, hookType: "resid-post" })),
        );

        const { data } = Papa.parse<string[]>(text(filesOf(set, "csv")[0]?.bytes).trim());
        expect(data.slice(1).map((row) => row.slice(2).map(Number))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it("take the best layer and coefficient into what uses them", () => {
    const set = setOf([Float32Array.of(1, 0), Float32Array.of(0, 1)], { layer: 1, coef: 130 });
    const files = filesOf(set, "vllm");
    expect(files.map(({ name }) => name)).toEqual([
      "optimism-gradient_mean-margin.gguf",
      "optimism-gradient_mean-margin-request.json",
    ]);
    expect(JSON.parse(text(files[1]?.bytes)).steering.vectors[0]).toMatchObject({
      source: files[0]?.name,
      scale: 130,
      layers: [1],
    });
    const strengths = filesOf(set, "neuronpedia").map(
      ({ bytes }) => JSON.parse(text(bytes)).vectorDefaultSteerStrength,
    );
    expect(strengths).toEqual([1, 100]);
    for (const name of vectorFormatNames) {
      const first = filesOf(set, name).find(
        ({ name }) => !name.endsWith("layer_0.pt") && !name.includes("layer0"),
      );
      expect(vectorFormats[name].usage(set)).toContain(name === "vllm" ? files[1]?.name : first?.name);
      expect(vectorFormats[name].convention).toMatch(/0-based/);
    }
    const usage = vectorFormats.safetensors.usage(set);
    expect(usage).toContain("layers[1]");
    expect(usage).toContain("130 * vector");
    expect(usage.split("\n").length).toBeLessThanOrEqual(10);
  });

  it("say what cannot be: block 0 alone for llama.cpp, vectors too wide for Neuronpedia", () => {
    const block0 = setOf([Float32Array.of(1, 0)]);
    expect(() => filesOf(block0, "gguf-llamacpp")).toThrow("llama.cpp refuses");
    expect(() => filesOf(setOf([new Float32Array(24_577)]), "neuronpedia")).toThrow("at most 24576 values");
  });
});
