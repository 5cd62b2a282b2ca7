import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, type TraitId } from "#lib/core/names.ts";
import { formatJson, parseJson } from "#lib/formats/json.ts";
import { traitFolder } from "#lib/pipeline/paths.ts";
import { type Revision, revisionSchema } from "#lib/traits/api.ts";
import { readTrait, type TraitFileName, type TraitTexts, textsOf } from "#lib/traits/document.ts";
import type { FolderStore } from "../store/folder-store.ts";
import type { TraitFiles, TraitState } from "./state.ts";

/** Autosaves this close to the first of them become one revision … */
const COALESCE_MS = 10 * 60_000;
/** … unless more lines than this are gone at once: then the state that had them stays. */
const COALESCE_LOST_LINES = 3;

const zip = promisify(gzip);
const unzip = promisify(gunzip);
const indexSchema = z.object({ revisions: z.array(revisionSchema) });

/** What a revision is told by its maker. */
export interface RevisionLabel {
  kind: Revision["kind"];
  note?: string | null;
}

/** Where a trait's history lies: it moves with the trait. */
export function historyFolder(id: TraitId): string {
  return `.tiller/traits/history/${formatTraitId(id)}`;
}

/** Every kept state of every trait: `revisions.json`, and each file's content once, by its hash. */
export class TraitHistory {
  readonly #store: FolderStore;
  readonly #now: () => Date;

  constructor(store: FolderStore, now: () => Date) {
    this.#store = store;
    this.#now = now;
  }

  /** Oldest first. */
  async list(id: TraitId): Promise<Revision[]> {
    const path = `${historyFolder(id)}/revisions.json`;
    const text = await this.#store.readText(path);
    return text === null ? [] : parseJson(text, path, indexSchema).revisions;
  }

  /** Throws `not-found`. */
  async find(id: TraitId, revision: number): Promise<Revision> {
    const found = (await this.list(id)).find((entry) => entry.id === revision);
    if (found) return found;
    throw new AppError("not-found", `${formatTraitId(id)} has no revision ${revision}: reload its history`);
  }

  async files(id: TraitId, { files }: Pick<Revision, "files">): Promise<TraitFiles> {
    const contents: TraitFiles = new Map();
    for (const [name, hash] of Object.entries(files) as [TraitFileName, string][]) {
      const path = contentPath(id, hash);
      const bytes = await this.#store.read(path);
      if (!bytes) throw new AppError("not-found", `${path} is gone: this revision cannot be read any more`);
      contents.set(name, new Uint8Array(await unzip(bytes)));
    }
    return contents;
  }

  /** The texts of a version; null when no revision has it. */
  async textsOfVersion(id: TraitId, version: string): Promise<TraitTexts | null> {
    const found = (await this.list(id)).findLast((entry) => entry.version === version);
    return found ? textsOf(await this.files(id, found), traitFolder(id)) : null;
  }

  /** Keeps a state as the newest revision. The state that is the newest already is not kept twice. */
  async keep(id: TraitId, state: TraitState, { kind, note = null }: RevisionLabel): Promise<Revision> {
    const revisions = await this.list(id);
    const last = revisions.at(-1);
    if (last?.version === state.version) return last;
    const texts = textsOf(state.files, traitFolder(id));
    for (const [name, bytes] of state.files) {
      const path = contentPath(id, state.hashes[name] ?? "");
      if (!(await this.#store.stat(path))) await this.#store.write(path, await zip(bytes));
    }
    const { counts, steering } = readTrait(texts);
    const at = this.#now().toISOString();
    const replaces = last && kind === "autosave" && (await this.#coalesces(id, last, texts)) ? last : null;
    const revision: Revision = {
      id: (last?.id ?? 0) + 1,
      at,
      since: replaces?.since ?? at,
      kind,
      note,
      version: state.version,
      positives: counts.positive,
      negatives: counts.negative,
      questions: steering?.questions.length ?? 0,
      files: state.hashes,
    };
    const kept = [...revisions.filter((entry) => entry !== replaces), revision];
    await this.#store.write(`${historyFolder(id)}/revisions.json`, formatJson({ revisions: kept }));
    if (replaces) await this.#dropUnused(id, replaces, kept);
    return revision;
  }

  async #coalesces(id: TraitId, last: Revision, texts: TraitTexts): Promise<boolean> {
    if (last.kind !== "autosave") return false;
    if (this.#now().getTime() - Date.parse(last.since) >= COALESCE_MS) return false;
    return lostLines(textsOf(await this.files(id, last), traitFolder(id)), texts) <= COALESCE_LOST_LINES;
  }

  async #dropUnused(id: TraitId, dropped: Revision, kept: readonly Revision[]): Promise<void> {
    const used = new Set(kept.flatMap(({ files }) => Object.values(files)));
    for (const hash of Object.values(dropped.files)) {
      if (!used.has(hash)) await this.#store.remove(contentPath(id, hash));
    }
  }
}

function contentPath(id: TraitId, hash: string): string {
  return `${historyFolder(id)}/contents/${hash}.gz`;
}

/** How many lines of `before` are not in `after`. */
function lostLines(before: TraitTexts, after: TraitTexts): number {
  const left = new Map<string, number>();
  for (const line of linesOf(after)) left.set(line, (left.get(line) ?? 0) + 1);
  let lost = 0;
  for (const line of linesOf(before)) {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    else lost++;
  }
  return lost;
}

function linesOf(texts: TraitTexts): string[] {
  return Object.entries(texts).flatMap(([file, text]) => text.split("\n").map((line) => `${file} ${line}`));
}
