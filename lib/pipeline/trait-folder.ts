import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, type TraitId } from "#lib/core/names.ts";
import { parseTraitFolder, type TraitFolder, traitFiles } from "#lib/traits/folder.ts";
import { traitFolder } from "./paths.ts";
import type { ArtifactStore } from "./ports.ts";

/** Reads and checks a trait's folder. Throws `not-found` naming the traits there are, or what is wrong with its files. */
export async function readTraitFolder(
  artifacts: Pick<ArtifactStore, "list" | "read">,
  id: TraitId,
): Promise<TraitFolder> {
  const folder = traitFolder(id);
  const present = (await artifacts.list(folder)).map((path) => path.slice(folder.length + 1));
  if (present.length === 0) throw await unknownTrait(artifacts, id);
  const files = new Map<string, Uint8Array>();
  for (const name of traitFiles.filter((file) => present.includes(file))) {
    const data = await artifacts.read(`${folder}/${name}`);
    if (data) files.set(name, data);
  }
  return parseTraitFolder(files, folder);
}

async function unknownTrait(artifacts: Pick<ArtifactStore, "list">, id: TraitId): Promise<AppError> {
  const paths = await artifacts.list("datasets/traits");
  const known = [...new Set(paths.map((path) => path.split("/").slice(2, 4).join("/")))];
  const list = known.length === 0 ? "there is none yet" : `there are ${known.slice(0, 12).join(", ")}`;
  return new AppError(
    "not-found",
    `trait ${formatTraitId(id)} is not known: ${traitFolder(id)} is not there; ${list}`,
  );
}
