import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { readSafetensors, writeSafetensors } from "#lib/formats/safetensors.ts";
import { float32Tensor, toFloat32 } from "#lib/formats/tensor.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { inspectModel } from "./inspect.ts";
import { type VerifyResult, verifyModel } from "./verify.ts";

const fixtures = path.resolve("lib/testing/fixtures/graphs");
const shared = path.resolve("../shared/data/graphs");

interface Expected {
  folder: string;
  reference: string;
  /** Largest error of any state or of steered logits. */
  tolerance: number;
  /** The graph must not be padded on the left. */
  rightOnly: boolean;
}

const own = (name: string, tolerance: number, rightOnly: boolean): Expected => ({
  folder: path.join(fixtures, name),
  reference: path.join(fixtures, name, "reference.safetensors"),
  tolerance,
  rightOnly,
});
const exported = (name: string, family: string, tolerance: number): Expected => ({
  folder: path.join(shared, name),
  reference: path.join(shared, "reference", `${family}.safetensors`),
  tolerance,
  rightOnly: name.startsWith("genai"),
});
const models: Expected[] = [
  own("plain", 1e-5, false),
  own("merged", 1e-5, false),
  own("parallel", 1e-5, true),
  own("fused", 1e-2, true),
  ...(existsSync(shared)
    ? [
        exported("genai-llama-fp32", "llama", 1e-5),
        exported("genai-qwen3-fp32", "qwen3", 1e-5),
        exported("genai-gemma2-fp32", "gemma2", 1e-5),
        exported("opt-gpt2", "gpt2", 1e-5),
        exported("opt-qwen2", "qwen2", 1e-5),
        exported("genai-llama-fp16", "llama", 1e-2),
      ]
    : []),
];

describe.each(models)("$folder", ({ folder, reference, tolerance, rightOnly }) => {
  it("gives the reference's states, steered logits and tokens", async () => {
    const result = await verifyModel(folder, reference);
    expect(Object.keys(result.cases)).toEqual(["nopad", "left", "right"]);
    for (const { refused: _, zero_steer_max_abs, ...errors } of Object.values(result.cases)) {
      expect(zero_steer_max_abs).toBe(0);
      for (const [state, error] of Object.entries(errors)) {
        expect(error, state).toBeLessThanOrEqual(tolerance);
      }
    }
    const refused = Object.entries(result.cases).filter(([, errors]) => errors.refused !== undefined);
    expect(refused.map(([name]) => name)).toEqual(rightOnly ? ["left"] : []);
    expect([result.gen, result.gensteer]).toEqual([10, 10]);
  });
});

describe("verifyModel", () => {
  it.runIf(existsSync(shared))("finds zero steering of a 4-bit model bit-identical", async () => {
    const { cases } = await verifyModel(
      path.join(shared, "genai-llama-q4"),
      path.join(shared, "reference/llama.safetensors"),
    );
    expect(Object.values(cases).map((errors) => errors.zero_steer_max_abs)).toEqual([0, 0, 0]);
  });

  it("sees a state, a steered logit or a token that differs", async () => {
    const folder = temporaryFolder();
    const source = path.join(fixtures, "plain/reference.safetensors");
    const { tensors } = readSafetensors(new Uint8Array(await readFile(source)));
    for (const name of ["nopad.out", "left.attn", "right.mlp", "nopad.hs", "right.steer.logits", "gen"]) {
      const tensor = tensors.get(name);
      if (!tensor) throw new Error(`the fixture lacks ${name}`);
      const values = toFloat32(tensor);
      // The last value belongs to a real token in every case but right, whose second row is padded there.
      const at = name.startsWith("right") ? 0 : name === "nopad.hs" ? 3 : values.length - 1;
      values[at] = (values[at] ?? 0) + (name === "gen" ? 1 : 0.5);
      tensors.set(name, float32Tensor(values, tensor.shape));
    }
    const file = path.join(folder, "wrong.safetensors");
    await writeFile(file, writeSafetensors(Object.fromEntries(tensors)));
    const { cases, gen, gensteer }: VerifyResult = await verifyModel(path.join(fixtures, "plain"), file);
    expect(cases.nopad?.residual).toBeCloseTo(0.5, 4);
    expect(cases.nopad?.embed).toBeCloseTo(0.5, 4);
    expect(cases.left?.attn).toBeCloseTo(0.5, 4);
    expect(cases.right?.mlp).toBeCloseTo(0.5, 4);
    expect(cases.right?.steer_logits).toBeCloseTo(0.5, 4);
    expect(cases.right?.residual).toBeLessThan(1e-5);
    expect([gen, gensteer]).toEqual([9, 10]);
  });

  it("refuses the reference of another model", async () => {
    const { tensors } = readSafetensors(
      new Uint8Array(await readFile(path.join(fixtures, "plain/reference.safetensors"))),
    );
    tensors.delete("nopad.attn");
    const file = path.join(temporaryFolder(), "partial.safetensors");
    await writeFile(file, writeSafetensors(Object.fromEntries(tensors)));
    await expect(verifyModel(path.join(fixtures, "plain"), file)).rejects.toThrow(/nopad\.attn is missing/);
  });
});

describe("inspectModel", () => {
  it("tells what a graph offers", async () => {
    const { warnings, ...model } = await inspectModel(path.join(fixtures, "fused")).then((result) =>
      "code" in result ? { warnings: [result.message] } : result,
    );
    expect(model).toEqual({
      id: "fused",
      layers: 2,
      hidden: 16,
      dtype: "fp16",
      exporter: "genai",
      components: { residual: 3, attn: 2, mlp: 2 },
      final_norm: true,
    });
    expect(warnings.join()).toMatch(/left/);
  });

  it("gives code, node and hint for a graph that does not fit its config", async () => {
    const folder = temporaryFolder();
    await mkdir(path.join(folder, "onnx"));
    await copyFile(path.join(fixtures, "plain/onnx/model.onnx"), path.join(folder, "onnx/model.onnx"));
    await writeFile(path.join(folder, "config.json"), '{"num_hidden_layers": 3}');
    const result = await inspectModel(folder);
    expect(result).toMatchObject({ code: "layer-count", hint: expect.stringContaining("num_hidden_layers") });
    expect("message" in result && result.message).toMatch(/2 layers.*3/);
  });

  it("reads a model behind symbolic links, as the Hub's cache stores it", async () => {
    const folder = temporaryFolder();
    await mkdir(path.join(folder, "model/onnx"), { recursive: true });
    await mkdir(path.join(folder, "blobs"));
    for (const [at, name] of ["config.json", "onnx/model.onnx", "onnx/model.onnx.data"].entries()) {
      const blob = path.join(folder, "blobs", `blob${at}`);
      await copyFile(path.join(fixtures, "fused", name), blob);
      await symlink(blob, path.join(folder, "model", name));
    }
    process.env.TILLER_HOME = path.join(folder, "home");
    try {
      const reference = path.join(fixtures, "fused/reference.safetensors");
      expect((await verifyModel(path.join(folder, "model"), reference)).gen).toBe(10);
    } finally {
      delete process.env.TILLER_HOME;
    }
  });

  it("names the file that a folder lacks", async () => {
    const failure = await inspectModel(temporaryFolder()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({ code: "not-found", message: expect.stringContaining("config.json") });
  });
});
