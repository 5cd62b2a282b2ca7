import { AppError } from "#lib/core/errors.ts";
import type { ImportFile } from "#lib/traits/import/source.ts";

const MAX_BYTES = 16 * 2 ** 20;
const MAX_FILES = 2000;
const MAX_DEPTH = 4;
const READABLE = /\.(txt|csv|tsv|jsonl|json)$/i;

interface Given {
  path: string;
  file: File;
}

/** The files of a file input; of a folder, those of kinds that can be read. Throws `invalid-input` where they are too many. */
export function filesOfInput(list: Iterable<File>): Promise<ImportFile[]> {
  return read(
    [...list]
      .map((file) => ({ path: file.webkitRelativePath || file.name, file }))
      .filter(({ path }) => !path.includes("/") || (READABLE.test(path) && !/\/\./.test(path))),
  );
}

/** The files and folders of a drop, as `filesOfInput`. To be called while the drop is handled. */
export function filesOfDrop(data: DataTransfer): Promise<ImportFile[]> {
  // The browser empties the list when the event is over.
  const dropped = [...data.items]
    .filter(({ kind }) => kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  return Promise.all(
    dropped.map(({ entry, file }) => {
      if (entry?.isDirectory) return filesBelow(entry as FileSystemDirectoryEntry, MAX_DEPTH);
      return file ? [{ path: file.name, file }] : [];
    }),
  ).then((found) => read(found.flat()));
}

async function filesBelow(folder: FileSystemDirectoryEntry, depth: number): Promise<Given[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  // It hands out some at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) break;
    entries.push(...some);
    if (entries.length > MAX_FILES) throw tooMany();
  }
  const found: Given[] = [];
  for (const entry of entries.filter(({ name }) => !name.startsWith("."))) {
    if (entry.isDirectory) {
      if (depth > 1) found.push(...(await filesBelow(entry as FileSystemDirectoryEntry, depth - 1)));
    } else if (READABLE.test(entry.name)) {
      const file = await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject),
      );
      found.push({ path: entry.fullPath.replace(/^\//, ""), file });
    }
  }
  return found;
}

async function read(given: readonly Given[]): Promise<ImportFile[]> {
  if (given.length > MAX_FILES) throw tooMany();
  const bytes = given.reduce((sum, { file }) => sum + file.size, 0);
  if (bytes > MAX_BYTES) {
    const what = given.length === 1 ? given[0]?.path : `${given.length} files`;
    throw new AppError(
      "invalid-input",
      `${what}: ${(bytes / 2 ** 20).toFixed(1)} MiB are more than an import takes at once (${MAX_BYTES / 2 ** 20} MiB): give it in parts`,
    );
  }
  return Promise.all(
    given.map(async ({ path, file }) => ({ path, bytes: new Uint8Array(await file.arrayBuffer()) })),
  );
}

function tooMany(): AppError {
  return new AppError(
    "invalid-input",
    `an import takes ${MAX_FILES} files at once: give the folders of some traits alone`,
  );
}
