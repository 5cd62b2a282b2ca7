import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { AppError } from "#lib/core/errors.ts";
import { type ModelListing, settingsFiles, variantOrder } from "#lib/engine/model-listing.ts";
import { largestWeight, storedDtype } from "#lib/onnx/index.ts";
import { fileSource } from "../models/file-source.ts";
import { readModelFiles } from "./model-files.ts";
import { findModelFolder, graphFiles, type ModelPlaces, modelNotFound, weightFiles } from "./model-folder.ts";

/**
 * What a browser has to fetch to run an installed model.
 * @param variant a suffix (`q4`), `""` for model.onnx; the server's own choice when absent
 * @throws AppError `not-found`, `invalid-file`, `instrument`
 */
export async function listModelFiles(
  modelId: string,
  variant: string | undefined,
  places: ModelPlaces = {},
): Promise<ModelListing> {
  const folder = folderOf(modelId, places);
  const files = await readModelFiles(folder, {
    home: places.home,
    variant: variant === "" ? "model" : variant,
  });
  const chosen = variantOf(files.graphFile);
  const there = graphFiles(folder).map(variantOf);
  const known = variantOrder.filter((name) => there.includes(name));
  return {
    id: modelId,
    variant: chosen,
    variants: known.includes(chosen) ? known : [chosen, ...known],
    graphFile: `onnx/${path.basename(files.graphFile)}`,
    files: files.files,
    largestWeight: largestWeight(fileSource(files.graphFile)),
    dtype: storedDtype(fileSource(files.graphFile)),
    tiller: files.tiller,
  };
}

function variantOf(graphFile: string): string {
  const name = path.basename(graphFile, ".onnx");
  return name === "model" ? "" : name.replace(/^model_/, "");
}

/**
 * One of the files that `listModelFiles` names, whole or from `range` on (`bytes=START-`, `bytes=START-END`).
 * @throws AppError `not-found` for any other name
 */
export async function modelFileResponse(
  modelId: string,
  name: string,
  range: string | null,
  places: ModelPlaces = {},
): Promise<Response> {
  const file = fileOf(folderOf(modelId, places), name);
  const found = file && (await stat(/* turbopackIgnore: true */ file).catch(() => null));
  if (!found) throw new AppError("not-found", `model ${modelId} has no file ${name}`);
  const { size } = found;
  const [start, end] = rangeOf(range, size);
  const partial = start > 0 || end < size;
  const body =
    start < end
      ? (Readable.toWeb(
          createReadStream(/* turbopackIgnore: true */ file, { start, end: end - 1 }),
        ) as ReadableStream)
      : null;
  return new Response(body, {
    status: partial ? 206 : 200,
    headers: {
      "content-type": "application/octet-stream",
      "content-length": String(end - start),
      "accept-ranges": "bytes",
      ...(partial ? { "content-range": `bytes ${start}-${end - 1}/${size}` } : {}),
    },
  });
}

/** The part [start, end) that is asked for; the whole file where that is not understood or lies outside. */
function rangeOf(range: string | null, size: number): [number, number] {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(range ?? "");
  if (!asked) return [0, size];
  const start = Number(asked[1]);
  const end = asked[2] ? Math.min(Number(asked[2]) + 1, size) : size;
  return start < end ? [start, end] : [0, size];
}

/** Only files that belong to a model are given out, whatever else lies in its folder. */
function fileOf(folder: string, name: string): string | undefined {
  if (settingsFiles.includes(name)) return path.join(/* turbopackIgnore: true */ folder, name);
  const [, base] = /^onnx\/([^/\\]+)$/.exec(name) ?? [];
  if (base === undefined) return undefined;
  return graphFiles(folder)
    .flatMap((graphFile) => weightFiles(graphFile))
    .find((weights) => weights.name === base)?.real;
}

function folderOf(modelId: string, places: ModelPlaces): string {
  const folder = findModelFolder(modelId, places);
  if (folder === null) throw modelNotFound(modelId, places);
  return folder;
}
