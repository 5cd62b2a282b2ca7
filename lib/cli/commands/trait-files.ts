import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, parseTraitId } from "#lib/core/names.ts";
import { traitFolder } from "#lib/pipeline/paths.ts";
import { userPath } from "#lib/server/paths.ts";
import type { TraitFiles } from "#lib/server/traits/state.ts";
import { filesOf, readTrait, type TraitTexts, textsOf } from "#lib/traits/document.ts";
import { traitFiles } from "#lib/traits/folder.ts";
import { exportTrait } from "#lib/traits/import/export.ts";
import { textsOfPairs } from "#lib/traits/import/files.ts";
import type { ExportFormat } from "#lib/traits/import/formats.ts";
import { guessMapping, importTable } from "#lib/traits/import/mapping.ts";
import { importPersona } from "#lib/traits/import/persona.ts";
import { readCsv, readJsonl } from "#lib/traits/import/table.ts";
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
    const name = as ?? nameOf(folder);
    const contents = contentsOf(folder);
    return {
      source: `${folder}/`,
      name,
      files: contents,
      problems: readTrait(textsOf(contents, folder)).problems,
    };
  });
  if (files.length === 0) return fromFolders;
  if (as === undefined) {
    throw new AppError("usage", `${files[0]}: say what the trait is called: --as category/trait`);
  }
  const { source, texts, problems } = readFiles(files);
  return [{ source, name: nameOf(as), files: filesOf(texts, new Map(), as), problems }];
}

function isTextPair(files: readonly string[]): boolean {
  return files.length === 2 && files.every((file) => file.endsWith(".txt"));
}

/** The folder itself when it is a trait's, else those right below it and one deeper. */
function traitFolders(folder: string, depth = 2): string[] {
  const names = readdirSync(folder);
  if (names.some((name) => /^(positive|negative)\.(txt|jsonl)$/.test(name))) return [folder];
  const below = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith("."),
  );
  const found =
    depth === 0 ? [] : below.flatMap(({ name }) => traitFolders(path.join(folder, name), depth - 1));
  if (found.length > 0 || depth < 2) return found;
  throw new AppError("not-found", `${folder} holds no trait: there is no positive.txt in it or below it`);
}

/** `…/category/trait`, or the name itself. Throws `usage`. */
function nameOf(place: string): string {
  return formatTraitId(parseTraitId(place.split(path.sep).slice(-2).join("/")));
}

function contentsOf(folder: string): TraitFiles {
  const there = traitFiles.filter((name) => existsSync(path.join(folder, name)));
  return new Map(there.map((name) => [name, new Uint8Array(readFileSync(path.join(folder, name)))]));
}

function readFiles(files: string[]): { source: string; texts: TraitTexts; problems: TraitProblem[] } {
  const [file = "", second = ""] = files;
  if (isTextPair(files)) {
    // The order counts, unless the names say otherwise.
    const swapped = /neg/i.test(path.basename(file)) && !/neg/i.test(path.basename(second));
    const [positive, negative] = (swapped ? [second, file] : [file, second]) as [string, string];
    const bytes = (place: string) => new Uint8Array(readFileSync(place));
    const contents: TraitFiles = new Map([
      ["positive.txt", bytes(positive)],
      ["negative.txt", bytes(negative)],
    ]);
    const texts = textsOf(contents, path.dirname(file));
    return { source: `${path.dirname(file)}/`, texts, problems: readTrait(texts).problems };
  }
  if (files.length > 1) throw new AppError("usage", "name two text files, or one file at a time");
  const text = readFileSync(file, "utf8");
  const extension = path.extname(file).toLowerCase();
  if (extension === ".json") return { source: "", texts: importPersona(text, file), problems: [] };
  if (extension !== ".csv" && extension !== ".tsv" && extension !== ".jsonl") {
    throw new AppError(
      "usage",
      `${file}: a folder, two .txt files, or a .csv, .jsonl or .json file is expected`,
    );
  }
  const table = extension === ".jsonl" ? readJsonl(text, file) : readCsv(text, file);
  const mapping = guessMapping(table);
  if (!mapping) {
    const columns = table.columns.join(", ") || "none";
    const problem = table.problems[0];
    throw new AppError(
      "invalid-file",
      problem
        ? formatProblem(problem)
        : `${file}: its columns (${columns}) do not tell the sides: name them positive and negative, or prompt and label (positive or negative)`,
    );
  }
  const { pairs, problems } = importTable(table, mapping, file);
  return { source: "", texts: problems.length === 0 ? textsOfPairs(pairs) : {}, problems };
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
