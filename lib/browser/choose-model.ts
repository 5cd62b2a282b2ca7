import type { ModelListing } from "#lib/engine/model-listing.ts";
import { deviceAbilities } from "./abilities.ts";
import { type DeviceAbilities, type ModelNeeds, misfit, usableVariants } from "./device-fit.ts";
import { keptBytes } from "./file-parts.ts";
import { openModelCache } from "./model-cache.ts";
import { fileAddress, listModel, type ModelOrigin } from "./model-origin.ts";
import type { WebDevice } from "./runtime.ts";

export interface ModelWish {
  modelId: string;
  origin: ModelOrigin;
  /** Which ONNX file, as a suffix; the plainest that fits the device when absent. */
  variant?: string;
}

/**
 * The list of the wished variant, or of the first that the device can compute and hold; where none fits, of the
 * first.
 * @throws AppError `not-found`, `model-load`, `invalid-file`
 */
export async function chooseListing(wish: ModelWish, abilities: DeviceAbilities): Promise<ModelListing> {
  const { modelId, origin } = wish;
  if (wish.variant !== undefined) return listModel(origin, modelId, wish.variant);
  const first = await listModel(origin, modelId);
  const listings: ModelListing[] = [];
  for (const variant of usableVariants(first.variants, abilities)) {
    const listing = variant === first.variant ? first : await listModel(origin, modelId, variant);
    if (misfit(needsOf(listing), abilities) === null) return listing;
    listings.push(listing);
  }
  return listings[0] ?? first;
}

export interface ModelOffer {
  listing: ModelListing;
  /** Bytes of all files. */
  bytes: number;
  /** Of these, bytes that this browser does not keep yet. */
  missing: number;
  /** Why it does not fit the device, in one line, or null. */
  problem: string | null;
}

/** What would be fetched for a model on a device of this browser; nothing is fetched yet. */
export async function offerModel(wish: ModelWish, device: WebDevice): Promise<ModelOffer> {
  const abilities = await deviceAbilities(device);
  const listing = await chooseListing(wish, abilities);
  return {
    listing,
    missing: await missingBytes(listing, wish.origin),
    bytes: listing.files.reduce((sum, { bytes }) => sum + bytes, 0),
    problem: misfit(needsOf(listing), abilities),
  };
}

/** Bytes of a model's files that this browser does not keep from that origin. */
export async function missingBytes({ id, files }: ModelListing, origin: ModelOrigin): Promise<number> {
  const cache = await openModelCache();
  let missing = 0;
  for (const { name, bytes } of files)
    missing += bytes - (await keptBytes(cache, { address: fileAddress(origin, id, name), bytes }));
  return missing;
}

export function needsOf({ variant, dtype, largestWeight, files }: ModelListing): ModelNeeds {
  const weights = weightFiles(files).reduce((sum, { bytes }) => sum + bytes, 0);
  return { variant: dtype ?? variant, largestWeight, weights };
}

/** The graph and its external data. */
export function weightFiles<File extends { name: string }>(files: readonly File[]): File[] {
  return files.filter(({ name }) => name.startsWith("onnx/"));
}
