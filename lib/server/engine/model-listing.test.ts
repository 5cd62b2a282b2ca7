import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { modelListingSchema } from "#lib/engine/model-listing.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { projectRoot } from "../paths.ts";
import { createModelCatalog } from "./model-catalog.ts";
import { listModelFiles, modelFileResponse } from "./model-listing.ts";

const demo = path.join(projectRoot(), "public/models/demo");

/** A home with the demo model under another name, in two variants, with a stranger's file beside it. */
function homeWithModel(): string {
  const home = temporaryFolder("home");
  const folder = path.join(home, "models/me/mine");
  mkdirSync(path.dirname(folder), { recursive: true });
  cpSync(demo, folder, { recursive: true });
  cpSync(path.join(demo, "onnx/model.onnx"), path.join(folder, "onnx/model_q4.onnx"));
  writeFileSync(path.join(folder, "onnx/model_q4.onnx_data"), "more weights");
  writeFileSync(path.join(folder, "secret.txt"), "not a model's file");
  return home;
}

describe("what a browser fetches of a model", () => {
  it("is the server's own choice of files, so that both have one fingerprint", async () => {
    const home = temporaryFolder("home");
    const listing = modelListingSchema.parse(await listModelFiles("demo", undefined, { home }));
    const identity = await createModelCatalog({ home }).identify("demo");
    expect(listing.files).toEqual(identity.files);
    expect(listing).toMatchObject({ variant: "", variants: [""], graphFile: "onnx/model.onnx" });
    // The embedding of 2048 tokens, 192 wide, in float32.
    expect(listing.largestWeight).toBe(2048 * 192 * 4);
    expect(listing.dtype).toBe("fp32");
    expect(listing.tiller).toMatchObject({ judge: { prompts: "builtin-1" } });
  });

  it("is another variant with its own data where that is asked for", async () => {
    const places = { home: homeWithModel() };
    const names = async (variant?: string) => {
      const { files, variants } = await listModelFiles("me/mine", variant, places);
      expect(variants).toEqual(["", "q4"]);
      return files.map(({ name }) => name).filter((name) => name.startsWith("onnx/"));
    };
    expect(await names()).toEqual(["onnx/model.onnx"]);
    expect(await names("")).toEqual(["onnx/model.onnx"]);
    expect(await names("q4")).toEqual(["onnx/model_q4.onnx", "onnx/model_q4.onnx_data"]);
    await expect(names("fp16")).rejects.toMatchObject({ code: "not-found" });
    await expect(listModelFiles("me/other", undefined, places)).rejects.toThrow(/no model "me\/other"/);
  });
});

describe("a model's file over HTTP", () => {
  const places = { home: homeWithModel() };
  const get = (name: string, range: string | null = null) =>
    modelFileResponse("me/mine", name, range, places);
  const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

  it("comes whole, or from where a broken-off download stopped", async () => {
    const file = readFileSync(path.join(demo, "onnx/model.onnx"));
    const whole = await get("onnx/model.onnx");
    expect(whole.status).toBe(200);
    expect((await bytesOf(whole)).equals(file)).toBe(true);
    const rest = await get("onnx/model.onnx", "bytes=10000000-");
    expect(rest.status).toBe(206);
    expect(rest.headers.get("content-range")).toBe(`bytes 10000000-${file.length - 1}/${file.length}`);
    expect((await bytesOf(rest)).equals(file.subarray(10_000_000))).toBe(true);
    const part = await get("onnx/model_q4.onnx_data", "bytes=5-11");
    expect((await bytesOf(part)).toString()).toBe("weights");
    for (const odd of ["bytes=99999999-", "bytes=5-2", "lines=1-2"]) {
      expect((await get("config.json", odd)).status).toBe(200);
    }
  });

  it("is never a file that does not belong to the model", async () => {
    for (const name of [
      "secret.txt",
      "onnx/../secret.txt",
      "../../../x",
      "onnx/",
      "onnx/none.onnx",
      "tiller.json",
      "chat_template.jinja",
    ]) {
      await expect(get(name)).rejects.toMatchObject({ code: "not-found" });
    }
  });
});
