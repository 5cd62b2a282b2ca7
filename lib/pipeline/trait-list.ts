import { isName, parseTraitId, type TraitId } from "#lib/core/names.ts";
import type { ConfigInput } from "./config.ts";
import type { ArtifactStore } from "./ports.ts";

/** Every trait folder there is, by name. Folders whose names could not be a trait are passed over. */
export async function listTraits(artifacts: Pick<ArtifactStore, "list">): Promise<TraitId[]> {
  const found = new Map<string, TraitId>();
  for (const path of await artifacts.list("datasets/traits")) {
    const [, , category, trait, file] = path.split("/");
    if (category && trait && file && isName(category) && isName(trait))
      found.set(`${category}/${trait}`, { category, trait });
  }
  return [...found.values()];
}

/** The traits a run without `--traits` works on: those config.json names, else every trait there is. Throws `usage`. */
export async function experimentTraits(
  config: ConfigInput,
  artifacts: Pick<ArtifactStore, "list">,
): Promise<TraitId[]> {
  return config.traits ? config.traits.map(parseTraitId) : listTraits(artifacts);
}
