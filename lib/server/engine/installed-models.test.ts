import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { projectRoot } from "../paths.ts";
import { addModel, listModels, removeModel } from "./installed-models.ts";
import { createModelCatalog } from "./model-catalog.ts";

const demo = path.join(projectRoot(), "public/models/demo");

/** A home and, outside it, a copy of the demo model in a folder `mine`. */
function setUp() {
  const home = temporaryFolder("home");
  const folder = path.join(temporaryFolder("models"), "mine");
  cpSync(demo, folder, { recursive: true });
  return { home, folder, places: { home } };
}

describe("installed models", () => {
  it("are the bundled one in a new home", async () => {
    const [bundled, ...others] = await listModels({ home: temporaryFolder("home") });
    expect(others).toEqual([]);
    expect(bundled).toMatchObject({ id: "demo", bundled: true, folder: demo, problem: null });
    const { num_hidden_layers } = JSON.parse(readFileSync(path.join(demo, "config.json"), "utf8"));
    expect(bundled?.layers).toBe(num_hidden_layers);
    expect(bundled?.bytes).toBeGreaterThan(readFileSync(path.join(demo, "onnx/model.onnx")).byteLength);
    expect(bundled?.judges).toContain("optimism");
  });

  it("take a folder in, name it, and let it go", async () => {
    const { home, folder, places } = setUp();
    const added = await addModel(folder, places);
    expect(added).toMatchObject({ id: "mine", folder: path.join(home, "models/mine"), bundled: false });
    expect((await listModels(places)).map(({ id }) => id)).toEqual(["demo", "mine"]);
    // The copy is the same model: its fingerprint does not depend on where it lies.
    const catalog = createModelCatalog(places);
    const [mine, original] = [await catalog.identify("mine"), await catalog.identify(folder)];
    expect(mine.fingerprint).toBe(original.fingerprint);
    await removeModel("mine", places);
    expect(readdirSync(path.join(home, "models"))).toEqual([]);
    expect(existsSync(path.join(folder, "config.json"))).toBe(true);
    await expect(catalog.identify("mine")).rejects.toMatchObject({
      code: "not-found",
      message: `there is no model "mine" (installed: demo); or name a model's folder`,
    });
  });

  it("copy weights that are symbolic links as files", async () => {
    const { folder, places } = setUp();
    const blob = path.join(path.dirname(folder), "blob");
    renameSync(path.join(folder, "onnx/model.onnx"), blob);
    symlinkSync(blob, path.join(folder, "onnx/model.onnx"));
    const added = await addModel(folder, places);
    renameSync(blob, `${blob}.gone`);
    const copied = readFileSync(path.join(added.folder, "onnx/model.onnx"));
    expect(copied.equals(readFileSync(`${blob}.gone`))).toBe(true);
  });

  it("do not take a name twice, and adding what is there changes nothing", async () => {
    const { home, folder, places } = setUp();
    await addModel(folder, places);
    await expect(addModel(folder, places)).rejects.toMatchObject({
      code: "conflict",
      message: `a model mine is installed already, in ${path.join(home, "models/mine")}: remove it first (tiller models remove mine) or rename your folder`,
    });
    expect(await addModel("demo", places)).toMatchObject({ id: "demo", bundled: true });
  });

  it("are not added when the graph cannot be used, and leave nothing behind", async () => {
    const { home, folder, places } = setUp();
    const config = JSON.parse(readFileSync(path.join(folder, "config.json"), "utf8"));
    writeFileSync(path.join(folder, "config.json"), JSON.stringify({ ...config, num_hidden_layers: 9 }));
    await expect(addModel(folder, places)).rejects.toMatchObject({
      code: "instrument",
      details: expect.objectContaining({ code: "layer-count" }),
    });
    expect(existsSync(path.join(home, "models"))).toBe(false);
    await expect(addModel("no such/folder/at all", places)).rejects.toMatchObject({
      code: "not-found",
      message: "no such/folder/at all is no model folder (it has no config.json) and no Hub id (owner/name)",
    });
  });

  it("list a damaged one with its problem and the rest as they are", async () => {
    const { home, places } = setUp();
    const broken = path.join(home, "models/broken");
    mkdirSync(broken, { recursive: true });
    writeFileSync(path.join(broken, "config.json"), "{");
    const models = await listModels(places);
    expect(models.map(({ id, problem }) => [id, problem])).toEqual([
      ["demo", null],
      ["broken", expect.stringContaining(broken)],
    ]);
  });

  it("leave out a Hub download that was cut off", async () => {
    const { home, places } = setUp();
    const cutOff = path.join(home, ".tiller/models/owner/name");
    cpSync(demo, cutOff, { recursive: true, filter: (file) => !file.endsWith(".onnx") });
    expect((await listModels(places)).map(({ id }) => id)).toEqual(["demo"]);
    cpSync(path.join(demo, "onnx"), path.join(cutOff, "onnx"), { recursive: true });
    expect((await listModels(places)).map(({ id }) => id)).toEqual(["demo", "owner/name"]);
    await removeModel("owner/name", places);
    expect(readdirSync(path.join(home, ".tiller/models"))).toEqual([]);
  });

  it("are removed only where Tiller put them", async () => {
    const { folder, places } = setUp();
    await expect(removeModel("demo", places)).rejects.toMatchObject({
      code: "forbidden",
      message: "model demo is part of Tiller and cannot be removed",
    });
    await expect(removeModel(folder, places)).rejects.toMatchObject({ code: "forbidden" });
    await expect(removeModel("../..", places)).rejects.toMatchObject({ code: "not-found" });
    await expect(removeModel("owner/name", places)).rejects.toMatchObject({
      code: "not-found",
      message: `there is no model "owner/name" (installed: demo); add it with: tiller models add owner/name`,
    });
    expect(existsSync(demo)).toBe(true);
    expect(existsSync(folder)).toBe(true);
  });
});
