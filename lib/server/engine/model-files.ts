import { existsSync, readdirSync } from "node:fs";
import { link, mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { contentHash } from "#lib/core/hash.ts";
import { settingsFiles } from "#lib/engine/model-listing.ts";
import { tillerHome, workFolder } from "../paths.ts";
import { FileHashes } from "./file-hashes.ts";
import { chooseGraphFile, weightFiles } from "./model-folder.ts";

/** A model's files as found in its folder: JSON parsed (null where there is no such file), weights hashed. */
export interface ModelFiles {
  folder: string;
  config: unknown;
  generationConfig: unknown;
  tokenizer: object;
  tokenizerConfig: object;
  chatTemplate?: string;
  tiller: unknown;
  graphFile: string;
  /** Every file that determines what the model answers, the graph and its data included. */
  files: { name: string; bytes: number; sha256: string }[];
  /** SHA-256 over the hashes of `files`. */
  fingerprint: string;
}

export interface ModelFileOptions {
  /** Which ONNX file, as a suffix (`q4`) or name. */
  variant?: string;
  /** TILLER_HOME: the cache of hashes lies there. */
  home?: string;
}

/**
 * Reads a model folder without loading the model.
 * @throws AppError `not-found` (a file is missing), `invalid-file` (JSON that cannot be read)
 */
export async function readModelFiles(folder: string, options: ModelFileOptions = {}): Promise<ModelFiles> {
  const graphFile = chooseGraphFile(folder, options.variant);
  const hashes = new FileHashes(path.join(workFolder(options.home ?? tillerHome()), "model-hashes.json"));
  const present = readdirSync(folder);
  const named = [
    ...settingsFiles
      .filter((name) => present.includes(name))
      .map((name) => ({
        name,
        real: path.join(/* turbopackIgnore: true */ folder, name),
      })),
    ...weightFiles(graphFile).map(({ name, real }) => ({ name: `onnx/${name}`, real })),
  ];
  const files: ModelFiles["files"] = [];
  for (const { name, real } of named) files.push({ name, ...(await hashes.hash(real)) });
  const template = path.join(folder, "chat_template.jinja");
  return {
    folder,
    config: await readJson(folder, "config.json"),
    generationConfig: await readJson(folder, "generation_config.json", null),
    tokenizer: await readObject(folder, "tokenizer.json"),
    tokenizerConfig: await readObject(folder, "tokenizer_config.json", {}),
    ...(existsSync(template) ? { chatTemplate: await readFile(template, "utf8") } : {}),
    tiller: await readJson(folder, "tiller.json", null),
    graphFile,
    files,
    fingerprint: await contentHash(files.map(({ name, sha256 }) => [name, sha256])),
  };
}

export function hasChatTemplate({ chatTemplate, tokenizerConfig }: ModelFiles): boolean {
  return chatTemplate !== undefined || "chat_template" in tokenizerConfig;
}

/**
 * A folder in which the graph and its external data really lie under their own names: ONNX Runtime refuses data
 * behind symbolic links, which is how Hugging Face's own cache stores everything. Linked models are hard-linked
 * into one folder.
 * @returns the graph file's path there
 */
export async function withoutSymlinks(
  graphFile: string,
  fingerprint: string,
  home = tillerHome(),
): Promise<string> {
  const weights = weightFiles(graphFile);
  const folders = new Set(weights.map(({ real }) => path.dirname(real)));
  const [folder] = folders;
  const inPlace = folders.size === 1 && weights.every(({ name, real }) => path.basename(real) === name);
  if (inPlace && folder) return path.join(folder, path.basename(graphFile));
  const linked = path.join(workFolder(home), "linked-models", fingerprint);
  await mkdir(linked, { recursive: true });
  for (const { name, real } of weights) {
    const target = path.join(linked, name);
    try {
      await rm(target, { force: true });
      await link(real, target);
    } catch (cause) {
      throw new AppError(
        "model-load",
        `${graphFile} is a symbolic link and its target cannot be hard-linked into ${linked}: copy the model's real files into one folder`,
        { cause },
      );
    }
  }
  return path.join(linked, path.basename(graphFile));
}

async function readObject(folder: string, name: string, fallback?: object): Promise<object> {
  const value = await readJson(folder, name, fallback);
  if (typeof value === "object" && value !== null) return value;
  throw new AppError("invalid-file", `${path.join(folder, name)} is not a JSON object`);
}

/** @param fallback what a missing file means; without it a missing file is an error */
async function readJson(folder: string, name: string, fallback?: unknown): Promise<unknown> {
  const file = path.join(folder, name);
  if (!existsSync(file)) {
    if (fallback !== undefined) return fallback;
    throw new AppError(
      "not-found",
      `${file} is missing: a model folder needs config.json, tokenizer.json and onnx/`,
    );
  }
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new AppError(
      "invalid-file",
      `${file} is not JSON: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    );
  }
}
