import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, isName, parseTraitId, type TraitId } from "#lib/core/names.ts";
import { traitFolder } from "#lib/pipeline/paths.ts";
import type { DeletedTrait } from "#lib/traits/api.ts";
import { readTrait, textsOf } from "#lib/traits/document.ts";
import { deletedAt, isBinEntry, newBinEntry } from "../bin-entry.ts";
import type { FolderStore } from "../store/folder-store.ts";
import { historyFolder } from "./history.ts";
import type { Step } from "./journal.ts";
import type { TraitService } from "./service.ts";
import { readState } from "./state.ts";

const BIN = ".tiller/traits/bin";

export interface TraitBinOptions {
  store: FolderStore;
  traits: TraitService;
  /** The queued or running run that reads a trait; null when none does. */
  usedBy(trait: string): Promise<string | null>;
  now(): Date;
  /** Eight hex digits. */
  randomId(): string;
}

/** Renames traits, moves them to a bin and back, with their history. Nothing is ever removed. */
export class TraitBin {
  readonly #options: TraitBinOptions;

  constructor(options: TraitBinOptions) {
    this.#options = options;
  }

  /** Results of the old name stay under it. Throws `not-found`, `conflict` (the name is taken, a run reads the trait). */
  rename(name: string, to: string): Promise<void> {
    return this.#options.traits.moveFolders(async () => {
      const [from, target] = [await this.#requireIdle(name), await this.#requireFree(to)];
      return [
        { folder: traitFolder(from), to: traitFolder(target) },
        { folder: historyFolder(target), to: `${BIN}/${this.#newId()}/${historyOf(target)}` },
        { folder: historyFolder(from), to: historyFolder(target) },
      ];
    });
  }

  /** @returns its entry in the bin. Throws `not-found`, `conflict` while a run reads the trait. */
  async remove(name: string): Promise<string> {
    const entry = this.#newId();
    await this.#options.traits.moveFolders(async () => {
      const id = await this.#requireIdle(name);
      return [
        { folder: traitFolder(id), to: `${BIN}/${entry}/${filesOf(id)}` },
        { folder: historyFolder(id), to: `${BIN}/${entry}/${historyOf(id)}` },
      ];
    });
    return entry;
  }

  /** Newest first. */
  list(): Promise<DeletedTrait[]> {
    const { traits, store } = this.#options;
    return traits.exclusively(async () => {
      const entries = (await store.folders(BIN)).filter(isBinEntry).reverse();
      const found = await Promise.all(entries.map((entry) => this.#describe(entry)));
      return found.filter((deleted) => deleted !== null);
    });
  }

  /** @param to another name than it had. @returns its name. Throws `not-found`, `conflict` when the name is taken. */
  async restore(entry: string, to?: string): Promise<string> {
    let name = "";
    await this.#options.traits.moveFolders(async () => {
      const deleted = await this.#deletedId(entry);
      if (!deleted)
        throw new AppError("not-found", `the bin has no ${JSON.stringify(entry)}: reload its list`);
      name = to ?? formatTraitId(deleted);
      const id = await this.#requireFree(name);
      return [
        { folder: `${BIN}/${entry}/${filesOf(deleted)}`, to: traitFolder(id) },
        { folder: historyFolder(id), to: `${BIN}/${this.#newId()}/${historyOf(id)}` },
        { folder: `${BIN}/${entry}/${historyOf(deleted)}`, to: historyFolder(id) },
      ] satisfies Step[];
    });
    return name;
  }

  async #describe(entry: string): Promise<DeletedTrait | null> {
    const id = await this.#deletedId(entry);
    if (!id) return null;
    const counts = await this.#counts(`${BIN}/${entry}/${filesOf(id)}`);
    return { id: entry, trait: formatTraitId(id), deleted_at: deletedAt(entry), ...counts };
  }

  async #counts(folder: string): Promise<{ positives: number; negatives: number }> {
    try {
      const state = await readState(this.#options.store, folder);
      const { counts } = readTrait(textsOf(state?.files ?? new Map(), folder));
      return { positives: counts.positive, negatives: counts.negative };
    } catch {
      // Not UTF-8: it can be restored all the same.
      return { positives: 0, negatives: 0 };
    }
  }

  /** The trait in an entry; null when there is none (any more). */
  async #deletedId(entry: string): Promise<TraitId | null> {
    if (!isBinEntry(entry)) return null;
    const { store } = this.#options;
    for (const path of await store.list(`${BIN}/${entry}/files`)) {
      const [, , , , , category, trait] = path.split("/");
      if (category && trait && isName(category) && isName(trait)) return { category, trait };
    }
    return null;
  }

  async #requireIdle(name: string): Promise<TraitId> {
    const id = parseTraitId(name);
    if ((await this.#options.store.list(traitFolder(id))).length === 0) {
      throw new AppError("not-found", `${traitFolder(id)} is not there: reload the list of traits`);
    }
    const run = await this.#options.usedBy(name);
    if (run === null) return id;
    throw new AppError("conflict", `run ${run} reads ${name}: wait for its end, or cancel it first`);
  }

  async #requireFree(name: string): Promise<TraitId> {
    const id = parseTraitId(name);
    if ((await this.#options.store.list(traitFolder(id))).length === 0) return id;
    throw new AppError("conflict", `trait ${name} is there already: choose another name`);
  }

  #newId(): string {
    return newBinEntry(this.#options.now(), this.#options.randomId());
  }
}

function filesOf(id: TraitId): string {
  return `files/${formatTraitId(id)}`;
}

function historyOf(id: TraitId): string {
  return `history/${formatTraitId(id)}`;
}
