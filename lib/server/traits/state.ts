import { contentHash, sha256 } from "#lib/core/hash.ts";
import { formatTraitId, type TraitId } from "#lib/core/names.ts";
import { traitFolder } from "#lib/pipeline/paths.ts";
import type { Trait } from "#lib/traits/api.ts";
import { readTrait, type TraitFileName, textsOf } from "#lib/traits/document.ts";
import { traitFiles } from "#lib/traits/folder.ts";
import type { FolderStore } from "../store/folder-store.ts";

export type TraitFiles = Map<TraitFileName, Uint8Array<ArrayBuffer>>;

/** A trait's files at one moment. */
export interface TraitState {
  files: TraitFiles;
  hashes: Trait["files"];
  /** The hash of all files' names and hashes. */
  version: string;
}

export async function stateOf(files: TraitFiles): Promise<TraitState> {
  const hashes: Trait["files"] = {};
  for (const [name, bytes] of files) hashes[name] = await sha256(bytes);
  return { files, hashes, version: await contentHash(hashes) };
}

/** Reads the files below `folder` that make a trait; null when there is none. */
export async function readState(store: FolderStore, folder: string): Promise<TraitState | null> {
  const files: TraitFiles = new Map();
  for (const name of traitFiles) {
    const bytes = await store.read(`${folder}/${name}`);
    if (bytes) files.set(name, bytes);
  }
  return files.size > 0 ? stateOf(files) : null;
}

/** A state as the editor gets it. Throws `invalid-file` where a file is not UTF-8. */
export async function describeState(store: FolderStore, id: TraitId, state: TraitState): Promise<Trait> {
  const folder = traitFolder(id);
  const texts = textsOf(state.files, folder);
  const found = await Promise.all([...state.files.keys()].map((name) => store.stat(`${folder}/${name}`)));
  const edited = Math.max(...found.map((file) => file?.modified.getTime() ?? 0));
  return {
    trait: formatTraitId(id),
    version: state.version,
    edited_at: new Date(edited).toISOString(),
    texts,
    files: state.hashes,
    problems: readTrait(texts).problems,
  };
}
