import { existsSync, readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
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

/**
 * The folder of an installed model: a bundled id (`demo`), an id below a models folder, or a path.
 * @returns null when nothing is installed under that id
 */
export function findModelFolder(modelId: string, places: ModelPlaces = {}): string | null {
  const home = places.home ?? tillerHome();
  const shelves = [
    path.join(projectRoot(), "public/models"),
    ...(places.modelFolders ?? []),
    path.join(home, "models"),
    hubCache(home),
  ];
  const byId = /^\w/.test(modelId) && !modelId.split(/[\\/]/).includes("..") && !path.isAbsolute(modelId);
  const candidates = [...(byId ? shelves.map((shelf) => path.join(shelf, modelId)) : []), userPath(modelId)];
  return candidates.find((folder) => existsSync(path.join(folder, "config.json"))) ?? null;
}

/** What to say about a model that is not there. */
export function modelNotFound(modelId: string): AppError {
  const hub = isHubId(modelId) ? ", and is not in the cache of downloaded models" : "";
  return new AppError(
    "not-found",
    `model ${JSON.stringify(modelId)} was not found: it is no bundled model, no folder with a config.json${hub}; try demo, a folder's path, or add one with: tiller models add ID`,
  );
}

// In order of preference: the plainest numbers first.
const suffixes = ["", "_fp16", "_q4f16", "_q4", "_quantized", "_int8", "_uint8", "_q8", "_bnb4"];

/**
 * The model's ONNX file: `onnx/model.onnx`, else the first of model_fp16, model_q4f16, model_q4 …; the folder itself
 * is looked at where there is no `onnx/`.
 * @param variant a suffix (`q4`) or file name to take instead
 * @throws AppError `not-found` listing what is there
 */
export function chooseGraphFile(folder: string, variant?: string): string {
  const onnx = path.join(folder, "onnx");
  const place = existsSync(onnx) ? onnx : folder;
  const present = readdirSync(place).filter((name) => name.endsWith(".onnx"));
  const wanted =
    variant === undefined
      ? suffixes.map((suffix) => `model${suffix}.onnx`)
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
