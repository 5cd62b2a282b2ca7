import { AppError } from "#lib/core/errors.ts";

const NAME = "tiller-models";

/** Where the browser keeps models. Throws `device-unavailable` where it keeps nothing for this page. */
export async function openModelCache(): Promise<Cache> {
  try {
    return await caches.open(NAME);
  } catch (cause) {
    throw new AppError(
      "device-unavailable",
      "this browser keeps no files for this page: open Tiller at http://localhost or over HTTPS, outside a private window",
      { cause },
    );
  }
}

/** Removes every model that this browser keeps. */
export async function forgetModels(): Promise<void> {
  await caches.delete(NAME);
}
