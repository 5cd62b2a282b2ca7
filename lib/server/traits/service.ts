import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, parseTraitId, polarities, type TraitId } from "#lib/core/names.ts";
import { traitFolder } from "#lib/pipeline/paths.ts";
import type { Revision, SavedTrait, SaveTrait, Trait } from "#lib/traits/api.ts";
import { filesOf, type TraitTexts, textsOf } from "#lib/traits/document.ts";
import { newTraitTexts } from "#lib/traits/new-trait.ts";
import type { FolderStore } from "../store/folder-store.ts";
import { type RevisionLabel, TraitHistory } from "./history.ts";
import { Journal, type Step } from "./journal.ts";
import { describeState, readState, stateOf, type TraitFiles, type TraitState } from "./state.ts";

/**
 * The authored traits as the editor uses them. One change at a time; each is finished by the next process where a kill
 * cut it off, and every state that a change replaces is in the history first. Traits are named `category/trait`; any
 * other name throws `usage`.
 */
export class TraitService {
  readonly #store: FolderStore;
  readonly #history: TraitHistory;
  readonly #journal: Journal;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: FolderStore, now: () => Date = () => new Date()) {
    this.#store = store;
    this.#history = new TraitHistory(store, now);
    this.#journal = new Journal(store);
  }

  /** Finishes what a killed process had begun. */
  recover(): Promise<void> {
    return this.exclusively(async () => {});
  }

  /** The files as they are on disk; an edit by another program becomes a revision. Throws `not-found`, `invalid-file`. */
  read(name: string): Promise<Trait> {
    return this.#on(name, async (id) => describeState(this.#store, id, await this.#current(id)));
  }

  /** Throws `conflict` when it is there, `invalid-input`. */
  async create(
    name: string,
    texts: TraitTexts = newTraitTexts(parseTraitId(name).trait),
    label: RevisionLabel = { kind: "create" },
  ): Promise<Trait> {
    return this.createFromFiles(name, filesOf(texts, new Map(), name), label);
  }

  /** As `create`, byte for byte. */
  createFromFiles(name: string, files: TraitFiles, label: RevisionLabel): Promise<Trait> {
    return this.#on(name, async (id) => {
      await this.#requireFree(id);
      refuseLayout(new Set(files.keys()));
      const state = await stateOf(files);
      textsOf(files, name);
      await this.#commit(id, null, state, label);
      return describeState(this.#store, id, state);
    });
  }

  /** A new trait with the same files. Throws `not-found`, `conflict`. */
  async duplicate(name: string, to: string): Promise<Trait> {
    const { files } = await this.#on(name, (id) => this.#current(id));
    return this.createFromFiles(to, files, { kind: "duplicate", note: `of ${name}` });
  }

  /**
   * Writes the texts over the version they were begun from.
   * Throws `conflict` with a TraitConflict as details when the files on disk are of another version: nothing is written.
   */
  save(name: string, { base, texts, kind = "autosave", note }: SaveTrait): Promise<SavedTrait> {
    return this.#on(name, async (id) => {
      const before = await this.#requireVersion(id, base, texts);
      const wanted = textsOf(before.files, traitFolder(id));
      for (const [file, text] of Object.entries(texts) as [keyof TraitTexts, string | null][]) {
        if (text === null) delete wanted[file];
        else wanted[file] = text;
      }
      const files = filesOf(wanted, before.files, traitFolder(id));
      return this.#replace(id, before, files, { kind, note });
    });
  }

  /** A revision's files become the trait's. Throws as `save` does, and `not-found`. */
  restore(name: string, revision: number, base: string): Promise<SavedTrait> {
    return this.#on(name, async (id) => {
      const before = await this.#requireVersion(id, base);
      const files = await this.#history.files(id, await this.#history.find(id, revision));
      return this.#replace(id, before, files, { kind: "restore", note: `revision ${revision}` });
    });
  }

  /** Newest first. Throws `not-found`. */
  revisions(name: string): Promise<Revision[]> {
    return this.#on(name, async (id) => {
      await this.#current(id);
      return (await this.#history.list(id)).reverse();
    });
  }

  /** Throws `not-found`. */
  revision(name: string, revision: number): Promise<{ revision: Revision; texts: TraitTexts }> {
    return this.#on(name, async (id) => {
      const found = await this.#history.find(id, revision);
      return { revision: found, texts: textsOf(await this.#history.files(id, found), traitFolder(id)) };
    });
  }

  /** Moves folders, all of them or none, after `check`. */
  moveFolders(check: () => Promise<Step[]>): Promise<void> {
    return this.exclusively(async () => this.#journal.perform(await check()));
  }

  /** Runs `work` when the changes before it are done. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => {
      await this.#journal.finish();
      return work();
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  #on<T>(name: string, work: (id: TraitId) => Promise<T>): Promise<T> {
    return this.exclusively(() => work(parseTraitId(name)));
  }

  /** What is on disk, kept in the history. */
  async #current(id: TraitId): Promise<TraitState> {
    const state = await readState(this.#store, traitFolder(id));
    if (!state) {
      throw new AppError(
        "not-found",
        `${traitFolder(id)} is not there: it was never made, renamed or deleted`,
      );
    }
    await this.#history.keep(id, state, { kind: "external" });
    return state;
  }

  /** What is on disk, if it is of version `base` or says all of `texts` already: a save that is sent twice is no conflict. */
  async #requireVersion(id: TraitId, base: string, texts?: SaveTrait["texts"]): Promise<TraitState> {
    const state = await this.#current(id);
    if (state.version === base || (texts && sameTexts(texts, textsOf(state.files, traitFolder(id)))))
      return state;
    const details = {
      disk: await describeState(this.#store, id, state),
      base: await this.#history.textsOfVersion(id, base),
    };
    throw new AppError(
      "conflict",
      `${formatTraitId(id)} has changed on disk since this edit began: choose what to keep`,
      { details },
    );
  }

  async #requireFree(id: TraitId): Promise<void> {
    if ((await this.#store.list(traitFolder(id))).length > 0) {
      throw new AppError("conflict", `trait ${formatTraitId(id)} is there already: ${traitFolder(id)}`);
    }
  }

  async #replace(
    id: TraitId,
    before: TraitState,
    files: TraitFiles,
    label: RevisionLabel,
  ): Promise<SavedTrait> {
    refuseLayout(new Set(files.keys()), new Set(before.files.keys()));
    const after = await stateOf(files);
    const changed = after.version !== before.version;
    const revision = changed
      ? await this.#commit(id, before, after, label)
      : await this.#history.keep(id, before, label);
    const { texts: _, ...saved } = await describeState(this.#store, id, after);
    return { ...saved, changed, revision };
  }

  async #commit(
    id: TraitId,
    before: TraitState | null,
    after: TraitState,
    label: RevisionLabel,
  ): Promise<Revision> {
    const names = new Set([...(before?.files.keys() ?? []), ...after.files.keys()]);
    const steps = [...names].flatMap((name): Step[] => {
      const from = before?.hashes[name] ?? null;
      if (from === (after.hashes[name] ?? null)) return [];
      const bytes = after.files.get(name);
      const content = bytes ? Buffer.from(bytes).toString("base64") : null;
      return [{ file: `${traitFolder(id)}/${name}`, from, content }];
    });
    await this.#journal.perform(steps);
    return this.#history.keep(id, after, label);
  }
}

function sameTexts(texts: SaveTrait["texts"], disk: TraitTexts): boolean {
  const given = Object.entries(texts).filter(([, text]) => text !== null);
  const there = Object.entries(disk);
  return (
    given.length === there.length && there.every(([name, text]) => texts[name as keyof TraitTexts] === text)
  );
}

/** A side must not vanish by an edit, nor be there twice. */
function refuseLayout(after: ReadonlySet<string>, before?: ReadonlySet<string>): void {
  for (const side of polarities) {
    const layouts = [`${side}.txt`, `${side}.jsonl`];
    const there = layouts.filter((name) => after.has(name));
    const was = before === undefined || layouts.some((name) => before.has(name));
    if (there.length === 2 && !layouts.every((name) => before?.has(name))) {
      throw new AppError("invalid-input", `${layouts.join(" and ")} exclude each other: take one away`);
    }
    if (there.length === 0 && was) {
      throw new AppError(
        "invalid-input",
        `${layouts.join(" or ")} must be there: keep the one, even if empty`,
      );
    }
  }
}
