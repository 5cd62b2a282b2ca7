import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { type ModelListing, settingsFiles, variantOrder } from "#lib/engine/model-listing.ts";
import { fetchJson } from "./fetch-file.ts";

/** `GET /api/models/{id}/tree/main?recursive=true` of the Hugging Face Hub; large files carry their SHA-256. */
const treeSchema = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    size: z.int().nonnegative(),
    lfs: z.object({ oid: z.string() }).optional(),
  }),
);

type Entry = z.infer<typeof treeSchema>[number];

/** What the Hub offers of a model. Throws `not-found` when it has no ONNX files, and what `fetchJson` throws. */
export async function hubListing(host: string, modelId: string, variant?: string): Promise<ModelListing> {
  const tree = treeSchema.safeParse(
    await fetchJson(`${host}/api/models/${modelId}/tree/main?recursive=true`),
  );
  if (!tree.success) throw new AppError("invalid-file", `${host} lists no files for ${modelId}`);
  const entries = tree.data.filter(({ type }) => type === "file");
  const variants = variantOrder.filter((name) => entries.some(({ path }) => path === graphPath(name)));
  const chosen = variant ?? variants[0];
  if (chosen === undefined || !variants.includes(chosen)) {
    const there = variants.length > 0 ? `there are ${variants.map((name) => name || "fp32").join(", ")}` : "";
    throw new AppError(
      "not-found",
      `${modelId} has no ONNX model${chosen ? ` ${chosen}` : ""} on the Hub: ${there || "choose one with an onnx folder"}`,
    );
  }
  const graphFile = graphPath(chosen);
  const weights = entries.filter(
    ({ path }) => path === graphFile || path.startsWith(`${graphFile}.`) || path.startsWith(`${graphFile}_`),
  );
  const beside = settingsFiles.flatMap((name) => entries.filter(({ path }) => path === name));
  return {
    id: modelId,
    variant: chosen,
    variants,
    graphFile,
    files: [...beside, ...weights.sort(byPath)].map(({ path, size, lfs }) => ({
      name: path,
      bytes: size,
      sha256: lfs?.oid ?? null,
    })),
    largestWeight: null,
    dtype: null,
    tiller: null,
  };
}

function graphPath(variant: string): string {
  return `onnx/model${variant === "" ? "" : `_${variant}`}.onnx`;
}

function byPath(a: Entry, b: Entry): number {
  return a.path < b.path ? -1 : 1;
}
