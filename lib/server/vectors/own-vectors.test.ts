import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cosine } from "#lib/core/linear.ts";
import { parsePosition } from "#lib/core/position.ts";
import { createRng, gaussian } from "#lib/core/rng.ts";
import { vectorFormatNames } from "#lib/formats/vectors/format-names.ts";
import { vectorFormats } from "#lib/formats/vectors/registry.ts";
import { type ActivationTable, layerOf, writeTable } from "#lib/pipeline/activations.ts";
import { evaluationRow, formatEvaluationFile, scored } from "#lib/pipeline/evaluation-rows.ts";
import { resultPaths } from "#lib/pipeline/paths.ts";
import { formatMethodMetadata, vectorMetadataPath, vectorPath, writeVector } from "#lib/pipeline/vectors.ts";
import { type EvaluateLayerJob, evaluateLayer, extractLayer } from "#lib/vectors/layer.ts";
import { parseSum } from "#lib/vectors/recipe.ts";
import { FolderStore } from "../store/folder-store.ts";
import { combineVectors } from "./combine.ts";
import { readCosines } from "./cosines.ts";
import { readVectorDetail } from "./detail.ts";
import { importVectors, readVectorFiles } from "./files.ts";
import { listVectors } from "./list.ts";
import { removeOwnVectors } from "./own-vectors.ts";
import { readVectorSet } from "./sets.ts";

const LAYERS = 3;
const HIDDEN = 6;
const AT = "2026-01-02T03:04:05.000Z";
const METHODS = ["mean_diff", "probe", "random"];
const place = { experiment: "e", trait: "t/warm" };
const paths = resultPaths("e", { category: "t", trait: "warm" }, parsePosition("response[:]"), "residual");
let home: string;
let artifacts: FolderStore;
const ports = () => ({ artifacts, evaluateLayer: async (job: EvaluateLayerJob) => evaluateLayer(job) });

/** Rows of both sides, apart along a direction that turns from layer to layer. */
function tableOf(rows: number, seed: number): ActivationTable {
  const rng = createRng(seed);
  const labels = Int8Array.from({ length: rows }, (_, at) => (at < rows / 2 ? 1 : 0));
  const values = Float32Array.from({ length: rows * LAYERS * HIDDEN }, (_, at) => {
    const [row, layer, d] = [
      Math.floor(at / (LAYERS * HIDDEN)),
      Math.floor(at / HIDDEN) % LAYERS,
      at % HIDDEN,
    ];
    return gaussian(rng) + (d === layer ? 2 * (labels[row] ?? 0) : 0);
  });
  const indices = Int32Array.from(labels.keys(), (at) => at % (rows / 2));
  return { layers: LAYERS, hidden: HIDDEN, keys: [], labels, indices, values };
}

beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), "tiller-own-"));
  artifacts = new FolderStore(home);
  const [train, val] = [tableOf(20, 1), tableOf(12, 2)];
  await artifacts.write("experiments/e/config.json", '{"extraction_model": "demo"}');
  await artifacts.write(paths.activations.train, writeTable(train));
  await artifacts.write(paths.activations.val, writeTable(val));
  const about = { model: "demo", trait: "t/warm", position: "response[:]", component: "residual" };
  const found: Parameters<typeof evaluationRow>[1][] = [];
  const infos = new Map<string, Record<string, { norm: number; baseline: number; train_acc: number }>>();
  for (let layer = 0; layer < LAYERS; layer++) {
    const vectors = extractLayer({ layer, train: layerOf(train, layer), methods: METHODS, seed: 42 });
    const results = evaluateLayer({
      layer,
      train: layerOf(train, layer),
      val: layerOf(val, layer),
      vectors,
      seed: 42,
    });
    for (const [method, info] of Object.entries(vectors)) {
      await artifacts.write(vectorPath(paths, method, layer), writeVector(info.vector, {}));
      const { vector: _, ...kept } = info;
      infos.set(method, { ...infos.get(method), [layer]: kept });
      const result = results[method];
      if (result) found.push({ layer, method, info, result });
    }
  }
  for (const [method, layers] of infos) {
    const metadata = formatMethodMetadata({ ...about, method, layers });
    await artifacts.write(vectorMetadataPath(paths, method), metadata);
  }
  const rows = scored(found.map((one) => evaluationRow(about, one, null)));
  await artifacts.write(
    "experiments/e/extraction/extraction_evaluation.json",
    formatEvaluationFile({ ...about, activation_norms: {}, all_results: rows }),
  );
});
afterEach(() => rm(home, { recursive: true, force: true }));

const setOf = (method: string) => readVectorSet(artifacts, { home }, { ...place, method });
const combine = (sum: string, name: string, more: { orthogonalTo?: string[]; averageLayers?: string } = {}) =>
  combineVectors(
    ports(),
    { home },
    { ...place, name },
    { terms: parseSum(sum), orthogonalTo: [], averageLayers: null, ...more },
  );

describe("vectors that come in", () => {
  it("are, from every format that they left in, the very vectors, found by all that reads a method's", async () => {
    const before = await setOf("mean_diff");
    // Neither holds what the model's first block adds, or more than a request.
    for (const format of vectorFormatNames.filter((name) => name !== "gguf-llamacpp" && name !== "vllm")) {
      const files = vectorFormats[format].files(before, AT);
      const name = `from_${format}`;
      const made = await importVectors(ports(), { ...place, name }, await readVectorFiles(files));
      expect(made.rows.map(({ val_auroc }) => val_auroc)).toHaveLength(LAYERS);
      const after = await setOf(name);
      expect(after.layerCount).toBe(LAYERS);
      for (const [layer, { vector, norm }] of before.layers) {
        expect(after.layers.get(layer)?.vector, format).toEqual(vector);
        if (format === "safetensors" || format === "csv")
          expect(after.layers.get(layer)?.norm).toBeCloseTo(norm, 6);
      }
    }
    const { rows } = await readVectorDetail(artifacts, { ...place, method: "from_gguf", layer: 1 });
    expect(rows).toHaveLength(32);
    const { labels, cosines } = await readCosines(
      artifacts,
      { ...place, method: "from_gguf", layer: 1 },
      "methods",
    );
    expect(cosines[labels.indexOf("from_gguf")]?.[labels.indexOf("mean_diff")]).toBeCloseTo(1, 6);
    expect((await listVectors(artifacts, "e")).filter(({ own }) => own)).toHaveLength(7);
  });

  it("have the same figures as the method that they were", async () => {
    const [file] = vectorFormats.safetensors.files(await setOf("mean_diff"), AT);
    if (!file) throw new Error("no file");
    const { rows } = await importVectors(ports(), { ...place, name: "again" }, await readVectorFiles([file]));
    const text = await readFile(
      path.join(home, "experiments/e/extraction/extraction_evaluation.json"),
      "utf8",
    );
    const all = JSON.parse(text).all_results as typeof rows;
    for (const row of rows) {
      const twin = all.find(({ method, layer }) => method === "mean_diff" && layer === row.layer);
      expect(row).toMatchObject({
        val_auroc: twin?.val_auroc,
        val_accuracy: twin?.val_accuracy,
        combined_score: twin?.combined_score,
      });
    }
    expect(all).toHaveLength((METHODS.length + 1) * LAYERS);
  });

  it("are refused in one line where name, width or layers do not fit; nothing is written", async () => {
    const csv = (layer: number, ...values: number[]) => ({
      name: "v.csv",
      bytes: new TextEncoder().encode(
        `layer,norm,${values.map((_, at) => `v${at}`)}\n${layer},1,${values}\n`,
      ),
    });
    const add = async (name: string, ...file: Parameters<typeof csv>) =>
      importVectors(ports(), { ...place, name }, await readVectorFiles([csv(...file)]));
    const files = await artifacts.list("experiments");
    await expect(add("narrow", 0, 1, 2)).rejects.toThrow(
      "v.csv: vectors of 2 dimensions do not fit demo, which has 6",
    );
    await expect(add("deep", 3, 1, 2, 3, 4, 5, 6)).rejects.toThrow("but demo has layers 0 to 2");
    await expect(add("probe", 0, 1, 2, 3, 4, 5, 6)).rejects.toThrow("an extraction method's");
    await expect(add("gradient_mean-margin", 0, 1, 2, 3, 4, 5, 6)).rejects.toThrow("an extraction method's");
    await expect(add("../up", 0, 1, 2, 3, 4, 5, 6)).rejects.toThrow("is not allowed");
    expect(await artifacts.list("experiments")).toEqual(files);
    await add("taken", 0, 1, 2, 3, 4, 5, 6);
    await expect(add("taken", 0, 1, 2, 3, 4, 5, 6)).rejects.toThrow("there are vectors called taken already");
    await expect(readVectorFiles([csv(0, 1), csv(0, 2)])).rejects.toThrow("another file holds layer 0, too");
  });
});

describe("vectors that are made of others", () => {
  it("hold what their recipe says, with norms; v − v is zero at every layer", async () => {
    const [a, b] = [await setOf("mean_diff"), await setOf("probe")];
    await combine("mean_diff - 0.5*probe", "mixed");
    await combine("2*mean_diff", "twice");
    expect(await combine("mean_diff - mean_diff", "nothing")).toMatchObject({ zero: [0, 1, 2] });
    const [mixed, twice, nothing] = [await setOf("mixed"), await setOf("twice"), await setOf("nothing")];
    for (let layer = 0; layer < LAYERS; layer++) {
      const raw = (set: typeof a) => {
        const one = set.layers.get(layer);
        return Array.from(one?.vector ?? [], (value) => value * (one?.norm ?? 0));
      };
      const expected = raw(a).map((value, at) => value - 0.5 * (raw(b)[at] ?? 0));
      raw(mixed).forEach((value, at) => {
        expect(value).toBeCloseTo(expected[at] ?? 0, 5);
      });
      expect(twice.layers.get(layer)?.norm).toBeCloseTo(2 * (a.layers.get(layer)?.norm ?? 0), 5);
      expect(cosine(twice.layers.get(layer)?.vector ?? [], a.layers.get(layer)?.vector ?? [])).toBeCloseTo(
        1,
        6,
      );
      expect(nothing.layers.get(layer)).toEqual({ vector: new Float32Array(HIDDEN), norm: 0 });
    }
    const metadata = JSON.parse(await readFile(path.join(home, vectorMetadataPath(paths, "mixed")), "utf8"));
    expect(metadata.source).toEqual({
      kind: "combination",
      recipe: "e/t/warm/mean_diff - 0.5*e/t/warm/probe",
    });
  });

  it("are orthogonal to all they were made orthogonal to, and a mean lies at each of its layers", async () => {
    await combine("mean_diff", "rest", { orthogonalTo: ["probe", "random"] });
    const rest = await setOf("rest");
    for (const method of ["probe", "random"]) {
      for (const [layer, { vector }] of (await setOf(method)).layers) {
        expect(Math.abs(cosine(rest.layers.get(layer)?.vector ?? [], vector) ?? 1)).toBeLessThan(1e-6);
      }
    }
    await combine("mean_diff", "mean", { averageLayers: "1-2" });
    const mean = await setOf("mean");
    expect([...mean.layers.keys()]).toEqual([1, 2]);
    expect(mean.layers.get(1)).toEqual(mean.layers.get(2));
    expect(mean.layerCount).toBe(LAYERS);
    await expect(combine("mean + mean_diff", "wide", { averageLayers: "0-1" })).rejects.toThrow(
      "layer 0 cannot be averaged",
    );
  });

  it("are removed with their rows, and only they", async () => {
    const evaluation = path.join(home, "experiments/e/extraction/extraction_evaluation.json");
    const [before, files] = [await readFile(evaluation, "utf8"), await artifacts.list("experiments")];
    await combine("mean_diff + probe", "both");
    expect(await readFile(evaluation, "utf8")).toContain('"both"');
    await removeOwnVectors(artifacts, { ...place, name: "both" });
    expect(JSON.parse(await readFile(evaluation, "utf8"))).toEqual(JSON.parse(before));
    expect(await artifacts.list("experiments")).toEqual(files);
    await expect(removeOwnVectors(artifacts, { ...place, name: "probe" })).rejects.toThrow("was extracted");
    await expect(removeOwnVectors(artifacts, { ...place, name: "both" })).rejects.toThrow(
      "no vectors called",
    );
  });

  it("name what there is where a vector is unknown", async () => {
    await expect(combine("magic", "x")).rejects.toThrow(
      "e/t/warm has no vectors called magic: there are mean_diff, probe, random",
    );
    await writeFile(path.join(home, "experiments/e/config.json"), "{");
    await expect(combine("mean_diff", "x")).rejects.toThrow("experiments/e/config.json");
  });
});
