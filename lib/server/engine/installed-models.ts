import { constants, existsSync, readdirSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, rmdir, stat } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { readModelConfig, readTillerFile } from "#lib/engine/model-config.ts";
import { describeGraph } from "#lib/onnx/index.ts";
import { tillerHome, userPath } from "../paths.ts";
import { downloadModel } from "./hub.ts";
import { type ModelFiles, readModelFiles } from "./model-files.ts";
import {
  findModelFolder,
  hubCache,
  type InstalledFolder,
  installedFolders,
  isHubId,
  type ModelPlaces,
  modelNotFound,
} from "./model-folder.ts";

/** A model that can be named by its id. */
export interface InstalledModel extends InstalledFolder {
  label: string;
  /** Null where config.json does not say. */
  layers: number | null;
  /** Of the files that Tiller reads: one graph with its data, tokenizer and config. */
  bytes: number;
  /** The traits it can judge, when it can be the built-in judge. */
  judges: string[];
  /** Why it cannot be used, in one line; null when nothing is wrong with its files. */
  problem: string | null;
}

/** Every installed model, bundled ones first. A damaged one is listed with its problem. */
export function listModels(places: ModelPlaces = {}): Promise<InstalledModel[]> {
  return Promise.all(installedFolders(places).map((installed) => describeInstalled(installed, places)));
}

async function describeInstalled(installed: InstalledFolder, places: ModelPlaces): Promise<InstalledModel> {
  const unknown = { ...installed, label: installed.id, layers: null, bytes: 0, judges: [], problem: null };
  try {
    const files = await readModelFiles(installed.folder, { home: places.home });
    const tiller = readTillerFile(files.tiller);
    return {
      ...unknown,
      label: tiller.label ?? installed.id,
      layers: readModelConfig(files.config, files.generationConfig).layers ?? null,
      bytes: files.files.reduce((sum, { bytes }) => sum + bytes, 0),
      judges: tiller.judge?.traits ?? [],
    };
  } catch (error) {
    return { ...unknown, problem: AppError.from(error).userMessage };
  }
}

/**
 * Installs a model: a folder is copied to `<home>/models/<its name>`, a Hub id is downloaded into
 * `<home>/.tiller/models`. Its graph is checked first; one that cannot be instrumented is not added.
 * @throws AppError `not-found`, `conflict` (that name is taken), `invalid-file`, `instrument`, `model-load` (no network)
 */
export async function addModel(
  idOrFolder: string,
  places: ModelPlaces = {},
  onProgress?: (message: string) => void,
): Promise<InstalledModel> {
  const home = places.home ?? tillerHome();
  const known = installedFolders(places).find(({ id }) => id === idOrFolder);
  if (known) return describeInstalled(known, places);
  const folder = userPath(idOrFolder);
  if (existsSync(path.join(folder, "config.json"))) return addFolder(folder, home, places, onProgress);
  if (!isHubId(idOrFolder)) {
    throw new AppError(
      "not-found",
      `${idOrFolder} is no model folder (it has no config.json) and no Hub id (owner/name)`,
    );
  }
  const downloaded = await downloadModel(idOrFolder, hubCache(home), onProgress);
  await checkGraph(await readModelFiles(downloaded, { home }));
  return describeInstalled({ id: idOrFolder, folder: downloaded, bundled: false }, places);
}

async function addFolder(
  folder: string,
  home: string,
  places: ModelPlaces,
  onProgress: (message: string) => void = () => undefined,
): Promise<InstalledModel> {
  const id = path.basename(folder);
  const taken = installedFolders(places).find((installed) => installed.id === id);
  if (taken) {
    throw new AppError(
      "conflict",
      `a model ${id} is installed already, in ${taken.folder}: remove it first (tiller models remove ${id}) or rename your folder`,
    );
  }
  const files = await readModelFiles(folder, { home });
  await checkGraph(files);
  const target = path.join(home, "models", id);
  const temporary = path.join(home, "models", `.${id}.${process.pid}.tmp`);
  try {
    for (const name of namesToCopy(folder, files)) {
      onProgress(`copying ${name}`);
      // A weights file behind a symbolic link is copied as what it is; a copy-on-write clone where the disk can.
      await mkdir(path.dirname(path.join(temporary, name)), { recursive: true });
      await cp(sourceOf(folder, files, name), path.join(temporary, name), {
        dereference: true,
        mode: constants.COPYFILE_FICLONE,
      });
    }
    await rename(temporary, target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return describeInstalled({ id, folder: target, bundled: false }, places);
}

const BESIDE = ["tiller.json", "LICENSE", "README.md"];

function namesToCopy(folder: string, { files }: ModelFiles): string[] {
  const beside = readdirSync(folder).filter((name) => BESIDE.includes(name));
  return [...files.map(({ name }) => name), ...beside];
}

/** Weights lie in `onnx/`, or beside config.json in older folders. */
function sourceOf(folder: string, { graphFile }: ModelFiles, name: string): string {
  return name.startsWith("onnx/")
    ? path.join(path.dirname(graphFile), path.basename(name))
    : path.join(folder, name);
}

async function checkGraph({ graphFile, config, generationConfig }: ModelFiles): Promise<void> {
  const { layers } = readModelConfig(config, generationConfig);
  describeGraph(await readFile(graphFile), { expectedLayers: layers });
}

/**
 * Removes an installed model's files.
 * @throws AppError `not-found`, `forbidden` (bundled, or outside `<home>`: Tiller did not put it there)
 */
export async function removeModel(id: string, places: ModelPlaces = {}): Promise<void> {
  const home = places.home ?? tillerHome();
  const installed = installedFolders(places).find((model) => model.id === id);
  if (!installed) {
    if (findModelFolder(id, places) === null) throw modelNotFound(id, places);
    throw new AppError(
      "forbidden",
      `${id} is a folder of yours: remove it yourself if you no longer want it`,
    );
  }
  if (installed.bundled)
    throw new AppError("forbidden", `model ${id} is part of Tiller and cannot be removed`);
  const shelf = [path.join(home, "models"), hubCache(home)].find((own) =>
    installed.folder.startsWith(own + path.sep),
  );
  if (shelf === undefined) {
    throw new AppError("forbidden", `model ${id} lies in ${installed.folder}, which Tiller did not fill`);
  }
  await rm(installed.folder, { recursive: true });
  // The owner's folder (owner/name) goes with its last model.
  const owner = path.dirname(installed.folder);
  if (owner !== shelf && (await stat(owner)).isDirectory()) await rmdir(owner).catch(() => undefined);
}
