import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, isName } from "#lib/core/names.ts";
import {
  findTraitFolders,
  type ImportFile,
  type ImportSource,
  readSource,
  sourceOfFolder,
} from "./source.ts";

/** A trait that is whole as it was given. */
export interface GivenTrait {
  /** What it is suggested to be called; "" where nothing suggests a name. */
  name: string;
  /** Null where it cannot be read: then `message` says why. */
  source: (ImportSource & { kind: "trait" }) | null;
  message: string | null;
  from: string;
}

/** What files and folders that were given together are: one source, or several traits. */
export type Given =
  | { kind: "source"; source: ImportSource; name: string }
  | { kind: "traits"; traits: GivenTrait[] };

/** Throws `usage` for files that do not go together, `invalid-file` for what cannot be read. */
export function readGiven(files: readonly ImportFile[]): Given {
  // Without a folder around it, one file of a trait's is any text file.
  const folders = findTraitFolders(files).filter(({ folder, files: held }) => folder !== "" || held.size > 1);
  const inFolders = new Set(
    folders.flatMap(({ folder, files: held }) =>
      [...held.keys()].map((name) => (folder === "" ? name : `${folder}/${name}`)),
    ),
  );
  const loose = files.filter(
    ({ path }) => !inFolders.has(path) && (folders.length === 0 || !path.includes("/")),
  );
  const json = loose.length > 1 && loose.every(({ path }) => /\.json$/i.test(path));
  if (folders.length > 0 && loose.length > 0 && !json) {
    throw new AppError("usage", `${loose[0]?.path} beside a trait's folder: give one or the other`);
  }
  if (folders.length === 0 && !json) {
    const source = readSource(loose);
    return { kind: "source", source, name: source.kind === "trait" ? nameOfFile(source.from) : "" };
  }
  if (folders.length === 1 && folders[0] && loose.length === 0) {
    const [folder] = folders;
    return { kind: "source", source: sourceOfFolder(folder), name: nameOfFolder(folder.folder) };
  }
  const traits = [
    ...folders.map((folder) =>
      tried(folder.folder, nameOfFolder(folder.folder), () => sourceOfFolder(folder)),
    ),
    ...loose.map((file) => tried(file.path, nameOfFile(file.path), () => readSource([file]))),
  ];
  return { kind: "traits", traits };
}

function tried(from: string, name: string, read: () => ImportSource): GivenTrait {
  try {
    const source = read();
    if (source.kind === "trait") return { name, from, source, message: null };
    return { name, from, source: null, message: "it is not a trait" };
  } catch (error) {
    return { name, from, source: null, message: AppError.from(error).userMessage };
  }
}

/** The last two folders, where they may be a trait's name. */
function nameOfFolder(folder: string): string {
  const [trait = "", category = ""] = folder.split("/").reverse();
  if (!isName(trait)) return "";
  return formatTraitId({ category: isName(category) ? category : "mine", trait });
}

function nameOfFile(path: string): string {
  const trait = (path.split("/").at(-1) ?? "").replace(/\.[^.]*$/, "").toLowerCase();
  return isName(trait) ? formatTraitId({ category: "mine", trait }) : "";
}
