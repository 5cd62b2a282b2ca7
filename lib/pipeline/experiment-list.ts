import { isName } from "#lib/core/names.ts";
import type { ArtifactStore } from "./ports.ts";

/** Every experiment folder with a config.json, by name. */
export async function experimentNames(artifacts: Pick<ArtifactStore, "list">): Promise<string[]> {
  return (await artifacts.list("experiments")).flatMap((path) => {
    const [, name, file, ...deeper] = path.split("/");
    return name && isName(name) && file === "config.json" && deeper.length === 0 ? [name] : [];
  });
}
