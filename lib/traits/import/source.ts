import { AppError } from "#lib/core/errors.ts";
import type { Polarity } from "#lib/core/names.ts";
import { readTrait, type TraitFileName, type TraitTexts, textsOf } from "../document.ts";
import { traitFiles } from "../folder.ts";
import { decodeText } from "../lines.ts";
import { readScenarios, type ScenarioContent, scenarioFileName, type TraitProblem } from "../scenario.ts";
import { type ColumnMapping, guessMapping, type ImportPreview, importTable } from "./mapping.ts";
import { importPersona } from "./persona.ts";
import { readCsv, readJsonl, type Table } from "./table.ts";

/** A file as a person gave it. */
export interface ImportFile {
  /** As problems name it. */
  path: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** What files were read as. */
export type ImportSource =
  | { kind: "table"; file: string; format: "CSV" | "JSON Lines"; table: Table }
  /** One side's lines, or both sides'. */
  | { kind: "lines"; files: { file: string; text: string }[] }
  | { kind: "trait"; from: string; format: "trait folder" | "persona_vectors trait"; texts: TraitTexts };

/** Which of the text files is which side; null: neither. */
export type SideChoice = Record<Polarity, number | null>;

/** What a person settles about a source; null: not yet, or nothing to settle. */
export interface ImportChoice {
  mapping: ColumnMapping | null;
  sides: SideChoice | null;
}

/**
 * Reads one or two .txt files, a .csv, .tsv or .jsonl table, or a persona_vectors trait's .json.
 * Throws `invalid-file` with file and line for what is no text, `usage` for files that do not go together.
 */
export function readSource(files: readonly ImportFile[]): ImportSource {
  const [first, second] = files;
  if (!first) throw new AppError("usage", "no file was given");
  const texts = files.length <= 2 && files.every(({ path }) => extensionOf(path) === "txt");
  if (texts)
    return {
      kind: "lines",
      files: files.map(({ path, ...file }) => ({ file: path, text: textOf({ path, ...file }) })),
    };
  if (second) throw new AppError("usage", "name two text files, or one file at a time");
  const file = first.path;
  switch (extensionOf(file)) {
    case "json":
      return {
        kind: "trait",
        from: file,
        format: "persona_vectors trait",
        texts: importPersona(textOf(first), file),
      };
    case "jsonl":
      return { kind: "table", file, format: "JSON Lines", table: readJsonl(textOf(first), file) };
    case "csv":
    case "tsv":
      return { kind: "table", file, format: "CSV", table: readCsv(textOf(first), file) };
    default:
      throw new AppError(
        "usage",
        `${file}: a folder, two .txt files, or a .csv, .jsonl or .json file is expected`,
      );
  }
}

function extensionOf(path: string): string {
  return /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
}

function textOf({ path, bytes }: ImportFile): string {
  const text = decodeText(bytes, path);
  const line = text.includes("\0") ? text.slice(0, text.indexOf("\0")).split("\n").length : null;
  if (line === null) return text;
  throw new AppError("invalid-file", `${path}:${line}: no text: it holds NUL bytes`);
}

/** What the names suggest; null when a person must choose. */
export function guessChoice(source: ImportSource): ImportChoice {
  return {
    mapping: source.kind === "table" ? guessMapping(source.table) : null,
    sides: source.kind === "lines" ? guessSides(source.files.map(({ file }) => file)) : null,
  };
}

function guessSides(files: readonly string[]): SideChoice | null {
  const named = files.map((file) => file.split(/[\\/]/).at(-1) ?? "");
  const only = (pattern: RegExp) => {
    const found = named.flatMap((name, at) => (pattern.test(name) ? [at] : []));
    return found.length === 1 ? (found[0] ?? null) : null;
  };
  const [positive, negative] = [only(/pos/i), only(/neg/i)];
  if (positive === negative) return null;
  if (files.length === 1) return { positive, negative };
  return { positive: positive ?? 1 - (negative ?? 0), negative: negative ?? 1 - (positive ?? 0) };
}

/** The pairs of a source; null until all is chosen that must be. Rows and lines with a problem are left out. */
export function previewSource(source: ImportSource, { mapping, sides }: ImportChoice): ImportPreview | null {
  if (source.kind === "table") return mapping && importTable(source.table, mapping, source.file);
  if (source.kind === "trait") return previewTrait(source.texts, (file) => `${source.from}/${file}`);
  if (!sides) return null;
  const file = (side: Polarity) => (sides[side] === null ? undefined : source.files[sides[side]]);
  const [positive, negative] = [file("positive"), file("negative")];
  if (positive && negative) {
    const names: Record<string, string> = { "positive.txt": positive.file, "negative.txt": negative.file };
    const texts = { "positive.txt": positive.text, "negative.txt": negative.text };
    return previewTrait(texts, (name) => names[name] ?? name);
  }
  if (positive) return previewSide(positive, "positive");
  return negative ? previewSide(negative, "negative") : null;
}

function previewSide({ file, text }: { file: string; text: string }, side: Polarity): ImportPreview {
  const { scenarios, problems } = readScenarios(text, "lines", file);
  const bad = new Set(problems.map(({ line }) => line));
  const kept = scenarios.filter(({ line }) => !bad.has(line));
  return {
    pairs: kept.map(({ prompt }) => ({ positive: null, negative: null, [side]: { prompt } })),
    problems,
  };
}

/** The whole pairs of a trait's files. @param nameOf what problems call a file */
function previewTrait(texts: TraitTexts, nameOf: (file: string) => string): ImportPreview {
  const { pairs, problems, layout } = readTrait(texts);
  const bad = new Set(problems.map(({ file, line }) => `${file}:${line}`));
  const isBad = (side: Polarity, line: number) => bad.has(`${scenarioFileName(side, layout[side])}:${line}`);
  return {
    pairs: pairs.flatMap(({ positive, negative }) => {
      if (!positive || !negative) return [];
      if (isBad("positive", positive.line) || isBad("negative", negative.line)) return [];
      return [{ positive: textsIn(positive), negative: textsIn(negative) }];
    }),
    problems: problems.map((problem) => renamed(problem, nameOf)),
  };
}

function textsIn({ prompt, system_prompt, answer }: ScenarioContent): ScenarioContent {
  return {
    prompt,
    ...(system_prompt === undefined ? {} : { system_prompt }),
    ...(answer === undefined ? {} : { answer }),
  };
}

function renamed({ file, line, message }: TraitProblem, nameOf: (file: string) => string): TraitProblem {
  const said = message.replace(/\b(?:positive|negative)\.(?:txt|jsonl)\b/g, nameOf);
  return { file: nameOf(file), line, message: said };
}

/** A trait's folder with the files in it that Tiller reads. */
export interface GivenFolder {
  folder: string;
  files: Map<TraitFileName, Uint8Array<ArrayBuffer>>;
}

/** The trait folders among files: those that hold a side. */
export function findTraitFolders(files: readonly ImportFile[]): GivenFolder[] {
  const folders = new Map<string, GivenFolder["files"]>();
  for (const { path, bytes } of files) {
    const [, folder = "", name] = /^(?:(.*)[\\/])?([^\\/]*)$/s.exec(path) ?? [];
    const known = traitFiles.find((file) => file === name);
    if (!known) continue;
    const held = folders.get(folder) ?? new Map();
    folders.set(folder, held.set(known, bytes));
  }
  return [...folders]
    .filter(([, held]) => [...held.keys()].some((name) => /^(positive|negative)\./.test(name)))
    .map(([folder, held]) => ({ folder, files: held }));
}

/** Throws `invalid-file` for what is no text. */
export function sourceOfFolder({ folder, files }: GivenFolder): ImportSource & { kind: "trait" } {
  const from = folder === "" ? "." : folder;
  return { kind: "trait", from, format: "trait folder", texts: textsOf(files, from) };
}
