import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { engineLoader } from "#lib/testing/engine-models.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { projectRoot } from "../paths.ts";
import { FileHashes } from "./file-hashes.ts";
import { loadNodeEngine } from "./load-engine.ts";
import { readModelFiles } from "./model-files.ts";
import { chooseGraphFile } from "./model-folder.ts";

const demo = path.join(projectRoot(), "public/models/demo");
const load = engineLoader();

function copyOfDemo(): { folder: string; home: string } {
  const folder = path.join(temporaryFolder("model"), "copy");
  cpSync(demo, folder, { recursive: true });
  return { folder, home: temporaryFolder("home") };
}

describe("a model's files", () => {
  it("give a fingerprint that changes with any byte of weights, tokenizer or config", async () => {
    const { folder, home } = copyOfDemo();
    const fingerprint = async () => (await readModelFiles(folder, { home })).fingerprint;
    const original = await fingerprint();
    expect(original).toBe((await readModelFiles(demo, { home })).fingerprint);
    for (const name of ["config.json", "tokenizer.json", "generation_config.json", "onnx/model.onnx"]) {
      const file = path.join(folder, name);
      const bytes = readFileSync(file);
      writeFileSync(file, Buffer.concat([bytes, Buffer.from("\n")]));
      expect(await fingerprint()).not.toBe(original);
      writeFileSync(file, bytes);
    }
    expect(await fingerprint()).toBe(original);
    // What Tiller says about a model is not the model.
    writeFileSync(path.join(folder, "tiller.json"), "{}");
    expect(await fingerprint()).toBe(original);
  });

  it.each([
    ["config.json", "{", "not-JSON", /config\.json is not JSON/],
    ["tokenizer.json", "[]", "an empty list", /tokenizer\.json/],
    ["tokenizer_config.json", "3", "a number", /tokenizer_config\.json is not a JSON object/],
  ])("name the damaged one: %s as %s (%s)", async (name, text, _, message) => {
    const { folder, home } = copyOfDemo();
    writeFileSync(path.join(folder, name), text);
    const opened = loadNodeEngine({ modelId: folder, device: "cpu", home });
    await expect(opened).rejects.toMatchObject({
      code: "invalid-file",
      message: expect.stringMatching(message),
    });
  });

  it("name the member of config.json that is wrong", async () => {
    const { folder, home } = copyOfDemo();
    const file = path.join(folder, "config.json");
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), vocab_size: "many" }));
    await expect(loadNodeEngine({ modelId: folder, device: "cpu", home })).rejects.toThrow(
      /config\.json.*vocab_size/,
    );
  });

  it("include the plainest graph there is, or the one asked for", () => {
    const folder = temporaryFolder("variants");
    mkdirSync(path.join(folder, "onnx"));
    const choose = (variant?: string) => path.basename(chooseGraphFile(folder, variant));
    expect(() => choose()).toThrow(/no ONNX model in .*put a decoder's model\.onnx there/);
    for (const name of ["model_q4.onnx", "model_quantized.onnx"])
      writeFileSync(path.join(folder, "onnx", name), "");
    expect(choose()).toBe("model_q4.onnx");
    writeFileSync(path.join(folder, "onnx/model_fp16.onnx"), "");
    expect(choose()).toBe("model_fp16.onnx");
    writeFileSync(path.join(folder, "onnx/model.onnx"), "");
    expect(choose()).toBe("model.onnx");
    expect(choose("quantized")).toBe("model_quantized.onnx");
    expect(() => choose("q2")).toThrow(/no ONNX model q2 in .*there are model\.onnx, model_fp16\.onnx/);
  });

  it("may be symbolic links, as in Hugging Face's cache", async () => {
    const { folder, home } = copyOfDemo();
    const blobs = path.join(path.dirname(folder), "blobs");
    mkdirSync(blobs);
    for (const name of ["config.json", "tokenizer.json", "onnx/model.onnx"]) {
      const blob = path.join(blobs, name.replaceAll(/\W/g, "0"));
      renameSync(path.join(folder, name), blob);
      symlinkSync(path.relative(path.dirname(path.join(folder, name)), blob), path.join(folder, name));
    }
    const rows = [{ prompt: { text: "The baker" }, maxNewTokens: 6 }];
    const linked = await load(folder, { home });
    const plain = await load("demo");
    expect(await linked.generate(rows)).toEqual(await plain.generate(rows));
    expect(linked.describe().fingerprint).toBe(plain.describe().fingerprint);
  });
});

describe("hashes of large files", () => {
  it("are remembered by path, size and time of change; a damaged memory is made anew", async () => {
    const folder = temporaryFolder("hashes");
    const cache = path.join(folder, "cache/hashes.json");
    const file = path.join(folder, "weights");
    const past = new Date(2020, 0, 1);
    const write = (byte: number, time: Date) => {
      writeFileSync(file, Buffer.alloc(5 * 2 ** 20, byte));
      utimesSync(file, time, time);
    };
    write(1, past);
    const first = await new FileHashes(cache).hash(file);
    expect(first.bytes).toBe(5 * 2 ** 20);
    // Other bytes with the old size and time are taken for the old ones: the file was not read again.
    write(2, past);
    expect(await new FileHashes(cache).hash(file)).toEqual(first);
    write(2, new Date(2021, 0, 1));
    const second = await new FileHashes(cache).hash(file);
    expect(second.sha256).not.toBe(first.sha256);
    writeFileSync(cache, '{"half');
    expect(await new FileHashes(cache).hash(file)).toEqual(second);
    expect(readdirSync(path.dirname(cache))).toEqual(["hashes.json"]);
  });
});
