import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { variantOrder } from "#lib/engine/model-listing.ts";
import { projectRoot, tillerHome, userPath, workFolder } from "../paths.ts";

export interface ModelPlaces {
  /** Folders that hold models by id, searched in order after the bundled ones. */
  modelFolders?: string[];
  /** TILLER_HOME. */
  home?: string;
}

const HUB_ID = /^[\w-][\w.-]*\/[\w-][\w.-]*$/;

/** True for `owner/name`, which may be fetched from the Hugging Face Hub. */
export function isHubId(modelId: string): boolean {
  return HUB_ID.test(modelId);
}

/** Where models from the Hub are kept. */
export function hubCache(home = tillerHome()): string {
  return path.join(workFolder(home), "models");
}

/** Where models lie, in the order they are searched. Only the first is part of Tiller itself. */
function shelvesOf({ home = tillerHome(), modelFolders = [] }: ModelPlaces): string[] {
  return [
    path.join(projectRoot(), "public/models"),
    ...modelFolders,
    path.join(home, "models"),
    hubCache(home),
  ];
}

/** True for a folder with a config.json; in the Hub's cache only with a graph: a download may have been cut off. */
function isModelFolder(folder: string, places: ModelPlaces): boolean {
  if (!existsSync(path.join(folder, "config.json"))) return false;
  return !folder.startsWith(hubCache(places.home) + path.sep) || graphNames(folder).length > 0;
}

/** The names of a model folder's ONNX files, in `onnx/` or, where there is none, in the folder itself. */
function graphNames(folder: string): string[] {
  return readdirSync(graphFolder(folder)).filter((name) => name.endsWith(".onnx"));
}

/** The paths of a model folder's ONNX files. */
export function graphFiles(folder: string): string[] {
  return graphNames(folder).map((name) => path.join(graphFolder(folder), name));
}

function graphFolder(folder: string): string {
  const onnx = path.join(folder, "onnx");
  return existsSync(onnx) ? onnx : folder;
}

/**
 * The folder of an installed model: a bundled id (`demo`), an id below a models folder, or a path.
 * @returns null when nothing is installed under that id
 */
export function findModelFolder(modelId: string, places: ModelPlaces = {}): string | null {
  const byId = /^\w/.test(modelId) && !modelId.split(/[\\/]/).includes("..") && !path.isAbsolute(modelId);
  const candidates = [
    ...(byId ? shelvesOf(places).map((shelf) => path.join(shelf, modelId)) : []),
    userPath(modelId),
  ];
  return candidates.find((folder) => isModelFolder(folder, places)) ?? null;
}

export interface InstalledFolder {
  /** `name`, or `owner/name`. */
  id: string;
  folder: string;
  /** Comes with Tiller and cannot be removed. */
  bundled: boolean;
}

/** Every model that can be named by its id, bundled ones first; each id once. */
export function installedFolders(places: ModelPlaces = {}): InstalledFolder[] {
  const found = new Map<string, InstalledFolder>();
  shelvesOf(places).forEach((shelf, at) => {
    for (const name of foldersIn(shelf)) {
      const ids = isModelFolder(path.join(shelf, name), places)
        ? [name]
        : foldersIn(path.join(shelf, name)).map((inner) => `${name}/${inner}`);
      for (const id of ids) {
        const folder = path.join(shelf, id);
        if (!found.has(id) && isModelFolder(folder, places)) found.set(id, { id, folder, bundled: at === 0 });
      }
    }
  });
  return [...found.values()];
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.startsWith("."))
    .filter((name) => statSync(path.join(folder, name), { throwIfNoEntry: false })?.isDirectory())
    .sort();
}

/** What to say about a model that is not there: what is, and how to get it. */
export function modelNotFound(modelId: string, places: ModelPlaces = {}): AppError {
  const installed = installedFolders(places).map(({ id }) => id);
  const there = installed.length > 0 ? `installed: ${installed.join(", ")}` : "none is installed";
  const add = isHubId(modelId) ? `add it with: tiller models add ${modelId}` : "or name a model's folder";
  return new AppError("not-found", `there is no model ${JSON.stringify(modelId)} (${there}); ${add}`);
}

const suffixes = variantOrder.map((variant) => (variant === "" ? "" : `_${variant}`));

/**
 * The model's ONNX file: `onnx/model.onnx`, else the first of model_fp16, model_q4f16, model_q4 …, else what older
 * exports call decoder_model_merged; the folder itself
 * is looked at where there is no `onnx/`.
 * @param variant a suffix (`q4`) or file name to take instead
 * @throws AppError `not-found` listing what is there
 */
export function chooseGraphFile(folder: string, variant?: string): string {
  const place = graphFolder(folder);
  const present = graphNames(folder);
  const wanted =
    variant === undefined
      ? ["model", "decoder_model_merged"].flatMap((stem) => suffixes.map((suffix) => `${stem}${suffix}.onnx`))
      : [variant, `${variant}.onnx`, `model_${variant}.onnx`];
  const found =
    wanted.find((name) => present.includes(name)) ?? (variant === undefined ? only(present) : undefined);
  if (found !== undefined) return path.join(place, found);
  throw new AppError(
    "not-found",
    `no ${variant === undefined ? "ONNX model" : `ONNX model ${variant}`} in ${place}: ${present.length > 0 ? `there are ${present.join(", ")}` : "put a decoder's model.onnx there"}`,
  );
}

function only(names: string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}

/** The graph file and its external data (`model.onnx.data`, `model.onnx_data`, `model.onnx_data_1` …), real paths. */
export function weightFiles(graphFile: string): { name: string; real: string }[] {
  const folder = path.dirname(graphFile);
  const base = path.basename(graphFile);
  return readdirSync(folder)
    .filter((name) => name === base || name.startsWith(`${base}.`) || name.startsWith(`${base}_`))
    .sort()
    .map((name) => ({ name, real: realpathSync(path.join(folder, name)) }));
}
