import { AppError } from "#lib/core/errors.ts";
import { type ModelListing, modelListingSchema } from "#lib/engine/model-listing.ts";
import { fetchJson } from "./fetch-file.ts";
import { hubListing } from "./hub-listing.ts";
import { openModelCache } from "./model-cache.ts";

/**
 * Where a model's files come from: Tiller's own server, or the Hugging Face Hub. A mirror gives the very files that the
 * server lists, each checked against the list, so that the server need not send them. Plain data.
 */
export type ModelOrigin =
  | { kind: "server" }
  | { kind: "hub"; host: string }
  | { kind: "mirror"; host: string };

export const serverOrigin: ModelOrigin = { kind: "server" };
export const hubOrigin = { kind: "hub", host: "https://huggingface.co" } as const satisfies ModelOrigin;

export function mirrorOrigin(host: string): ModelOrigin {
  return { kind: "mirror", host };
}

/**
 * What has to be fetched for a model. A list that was read before does when its origin does not answer.
 * @param variant which ONNX file; the origin's first choice when absent
 * @throws AppError `not-found`, `model-load` (no answer), `invalid-file`
 */
export async function listModel(
  origin: ModelOrigin,
  modelId: string,
  variant?: string,
): Promise<ModelListing> {
  const cache = await openModelCache();
  const key = `${fileAddress(origin, modelId, "tiller-listing")}?${new URLSearchParams({ variant: variant ?? "first" })}`;
  try {
    const listing = await askFor(origin, modelId, variant);
    await cache.put(key, Response.json(listing));
    return listing;
  } catch (error) {
    const kept = error instanceof AppError && error.retryable ? await cache.match(key) : undefined;
    if (!kept) throw error;
    return modelListingSchema.parse(await kept.json());
  }
}

async function askFor(origin: ModelOrigin, modelId: string, variant?: string): Promise<ModelListing> {
  if (origin.kind === "hub") return hubListing(origin.host, modelId, variant);
  const query = variant === undefined ? "" : `?${new URLSearchParams({ variant })}`;
  const listing = modelListingSchema.safeParse(
    await fetchJson(`${location.origin}/api/models/${encodeURIComponent(modelId)}${query}`),
  );
  if (listing.success) return listing.data;
  throw new AppError("invalid-file", `the server's list of files for model ${modelId} cannot be read`);
}

/** The address of one of a model's files. */
export function fileAddress(origin: ModelOrigin, modelId: string, name: string): string {
  return origin.kind !== "server"
    ? `${origin.host}/${modelId}/resolve/main/${name}`
    : `${location.origin}/models/${encodeURIComponent(modelId)}/${name}`;
}
