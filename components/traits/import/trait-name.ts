import { messageOf } from "#lib/client/request.ts";
import { parseTraitId } from "#lib/core/names.ts";

/** Why a new trait cannot be called so; null when it can. */
export function nameProblem(name: string, taken: readonly string[]): string | null {
  try {
    parseTraitId(name.trim());
  } catch (error) {
    return messageOf(error);
  }
  return taken.includes(name.trim()) ? `${name.trim()} is there already: choose another name` : null;
}
