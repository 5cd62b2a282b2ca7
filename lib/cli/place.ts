import { AppError } from "#lib/core/errors.ts";
import type { LockHolder } from "#lib/server/folder-lock.ts";
import { type Instance, openInstance } from "#lib/server/instance.ts";
import { tillerHome } from "#lib/server/paths.ts";
import { RemoteServer } from "./remote.ts";

/** Where a command's run takes place: in this process, or in the server that holds the home already. */
export type Place = { local: Instance } | { remote: RemoteServer };

/**
 * Opens the home, or finds the server that has it open.
 * Throws `locked` when another command has it, and whatever opening throws.
 */
export async function openPlace(command: string): Promise<Place> {
  try {
    return { local: await openInstance({ home: tillerHome(), command: `tiller ${command}`, queue: false }) };
  } catch (error) {
    const holder =
      error instanceof AppError && error.code === "locked"
        ? (error.details?.holder as LockHolder | null)
        : null;
    if (!holder?.url) throw error;
    return { remote: new RemoteServer(holder.url) };
  }
}
