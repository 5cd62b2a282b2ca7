import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, parseTraitId } from "#lib/core/names.ts";
import { traitFolder } from "#lib/pipeline/paths.ts";
import { userPath } from "#lib/server/paths.ts";
import type { TraitFiles } from "#lib/server/traits/state.ts";
import { filesOf, readTrait, type TraitTexts } from "#lib/traits/document.ts";
import { traitFiles } from "#lib/traits/folder.ts";
import { exportTrait } from "#lib/traits/import/export.ts";
import { textsOfPairs } from "#lib/traits/import/files.ts";
import type { ExportFormat } from "#lib/traits/import/formats.ts";
import {
  findTraitFolders,
  type GivenFolder,
  guessChoice,
  type ImportFile,
  previewSource,
  readSource,
  sourceOfFolder,
} from "#lib/traits/import/source.ts";
import { formatProblem, type TraitProblem } from "#lib/traits/scenario.ts";
import { print, tell } from "../output.ts";
import { openTraits } from "./traits.ts";

interface Found {
  /** What problems name. */
  source: string;
  name: string;
  files: TraitFiles;
  problems: TraitProblem[];
}

/**
 * `tiller traits import PATH…`: trait folders (or folders of them), two text files, a CSV or JSON Lines file, a
 * persona_vectors trait JSON. All of them or, with one line for each problem, none.
 */
export async function traitsImportCommand(paths: string[], { as }: { as?: string }): Promise<void> {
  const found = findTraits(paths.map(userPath), as);
  const { traits, store } = await openTraits();
  const problems = found.flatMap(({ source, problems }) =>
    problems.map((problem) => `${source}${formatProblem(problem)}`),
  );
  for (const { name } of found) {
    const folder = traitFolder(parseTraitId(name));
    if ((await store.list(folder)).length > 0) {
      problems.push(`trait ${name} is there already: ${folder}; choose another name with --as`);
    }
  }
  for (const problem of problems.slice(0, -1)) tell(problem);
  const last = problems.at(-1);
  if (last !== undefined) throw new AppError("invalid-file", `${last} (nothing was imported)`);
  for (const { name, files } of found) {
    await traits.createFromFiles(name, files, { kind: "import" });
    print(traitFolder(parseTraitId(name)));
  }
}

function findTraits(paths: string[], as: string | undefined): Found[] {
  const missing = paths.find((place) => !existsSync(place));
  if (missing !== undefined) throw new AppError("not-found", `${missing} is not there`);
  const folders = paths.flatMap((place) => (statSync(place).isDirectory() ? traitFolders(place) : []));
  const files = paths.filter((place) => statSync(place).isFile());
  const count = folders.length + (isTextPair(files) ? 1 : files.length);
  if (as !== undefined && count !== 1) {
    throw new AppError("usage", `--as names one trait, but ${count} are given: import them one by one`);
  }
  const fromFolders = folders.map((folder): Found => {
    const name = as ?? nameOf(folder.folder);
    const { problems } = readTrait(sourceOfFolder(folder).texts);
    return { source: `${folder.folder}/`, name, files: folder.files, problems };
  });
  if (files.length === 0) return fromFolders;
  if (as === undefined) {
    throw new AppError("usage", `${files[0]}: say what the trait is called: --as category/trait`);
  }
  const { texts, problems } = readFiles(files);
  return [{ source: "", name: nameOf(as), files: filesOf(texts, new Map(), as), problems }];
}

function isTextPair(files: readonly string[]): boolean {
  return files.length === 2 && files.every((file) => file.endsWith(".txt"));
}

/** The trait folders among the folder itself and those up to two below it. */
function traitFolders(folder: string): GivenFolder[] {
  const found = findTraitFolders(filesBelow(folder, 2));
  if (found.length > 0) return found;
  throw new AppError("not-found", `${folder} holds no trait: there is no positive.txt in it or below it`);
}

function filesBelow(folder: string, depth: number): ImportFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory())
      return depth > 0 && !entry.name.startsWith(".") ? filesBelow(place, depth - 1) : [];
    return traitFiles.some((name) => name === entry.name) ? [fileAt(place)] : [];
  });
}

function fileAt(place: string): ImportFile {
  return { path: place, bytes: new Uint8Array(readFileSync(place)) };
}

/** `…/category/trait`, or the name itself. Throws `usage`. */
function nameOf(place: string): string {
  return formatTraitId(parseTraitId(place.split(path.sep).slice(-2).join("/")));
}

function readFiles(files: string[]): { texts: TraitTexts; problems: TraitProblem[] } {
  const source = readSource(files.map(fileAt));
  if (source.kind === "trait") return { texts: source.texts, problems: [] };
  const guess = guessChoice(source);
  // The order counts, unless the names say otherwise.
  const sides = guess.sides ?? { positive: 0, negative: 1 };
  if (source.kind === "lines" && source.files.length < 2) {
    throw new AppError("usage", `${files[0]}: name two text files, the positives' and the negatives'`);
  }
  const preview = previewSource(source, { ...guess, sides });
  if (preview) {
    const { pairs, problems } = preview;
    return { texts: problems.length === 0 ? textsOfPairs(pairs) : {}, problems };
  }
  const table = source.kind === "table" ? source.table : null;
  const columns = table?.columns.join(", ") || "none";
  const problem = table?.problems[0];
  throw new AppError(
    "invalid-file",
    problem
      ? formatProblem(problem)
      : `${files[0]}: its columns (${columns}) do not tell the sides: name them positive and negative, or prompt and label (positive or negative)`,
  );
}

/** `tiller traits export c/t --format txt|csv|jsonl`: to stdout, or into a folder. */
export async function traitsExportCommand(
  name: string,
  { format, output }: { format: ExportFormat; output?: string },
): Promise<void> {
  const { traits } = await openTraits();
  const { texts } = await traits.read(name);
  const files = exportTrait(texts, format, parseTraitId(name).trait);
  if (output === undefined) {
    if (files.length > 1)
      throw new AppError("usage", `--format ${format} makes two files: say where with -o FOLDER`);
    for (const { content } of files) print(content);
    return;
  }
  const folder = userPath(output);
  mkdirSync(folder, { recursive: true });
  for (const { name: file, content } of files) {
    writeFileSync(path.join(folder, file), content);
    print(path.join(folder, file));
  }
}
