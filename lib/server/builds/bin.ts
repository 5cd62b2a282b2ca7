import path from "node:path";
import type { BuildKindName, DeletedBuild } from "#lib/builds/api.ts";
import { AppError } from "#lib/core/errors.ts";
import { deletedAt, isBinEntry, newBinEntry } from "../bin-entry.ts";
import type { FolderStore } from "../store/folder-store.ts";
import type { BuildFolders } from "./folders.ts";
import type { BuildKinds } from "./kinds.ts";
import { lockOutput } from "./output.ts";
import type { BuildService } from "./service.ts";

const BIN = ".tiller/builds/bin";

export interface BuildBinOptions {
  store: FolderStore;
  folders: BuildFolders;
  builds: BuildService;
  kinds: BuildKinds;
  now(): Date;
  /** Eight hex digits. */
  randomId(): string;
}

/** Moves the folders of builds to a bin and back. Nothing is ever removed. */
export class BuildBin {
  readonly #options: BuildBinOptions;

  constructor(options: BuildBinOptions) {
    this.#options = options;
  }

  /**
   * @returns its entry in the bin. Throws `not-found`, `conflict` (it is running, or a running build reads its files) and
   * `locked` (a command writes it).
   */
  async remove(kind: BuildKindName, name: string): Promise<string> {
    const { store, folders, builds, now, randomId } = this.#options;
    await builds.get(kind, name);
    const folder = folders.locate(kind, name);
    await this.#requireIdle(kind, name, folder);
    const lock = lockOutput(folder, "the Tiller server");
    try {
      const entry = newBinEntry(now(), randomId());
      await store.move(folders.relative(kind, name), `${BIN}/${entry}/${kind}/${name}`);
      return entry;
    } finally {
      lock.release();
    }
  }

  /** Newest first. */
  async list(kind: BuildKindName): Promise<DeletedBuild[]> {
    const entries = (await this.#options.store.folders(BIN)).filter(isBinEntry).reverse();
    const found = await Promise.all(
      entries.map(async (id) => {
        const name = await this.#nameIn(kind, id);
        return name === null ? [] : [{ id, name, deleted_at: deletedAt(id) }];
      }),
    );
    return found.flat();
  }

  /** @param to another name than it had. @returns its name. Throws `not-found`, `conflict` when the name is taken. */
  async restore(kind: BuildKindName, entry: string, to?: string): Promise<string> {
    const { store, folders } = this.#options;
    const deleted = isBinEntry(entry) ? await this.#nameIn(kind, entry) : null;
    if (deleted === null) {
      throw new AppError("not-found", `the bin has no ${JSON.stringify(entry)}: reload its list`);
    }
    const name = to ?? deleted;
    const folder = folders.relative(kind, name);
    if ((await store.list(folder)).length > 0) {
      throw new AppError("conflict", `build ${name} is there already: choose another name`);
    }
    await store.move(`${BIN}/${entry}/${kind}/${deleted}`, folder);
    return name;
  }

  async #requireIdle(kind: BuildKindName, name: string, folder: string): Promise<void> {
    const { folders, builds, kinds } = this.#options;
    for (const other of await builds.running()) {
      if (other.kind === kind && other.name === name) {
        throw new AppError("conflict", `build ${name} is running: stop it first`);
      }
      const own = folders.locate(other.kind, other.name);
      const files = kinds[other.kind]?.reads?.(other.record.request) ?? [];
      if (files.some((file) => path.resolve(own, file).startsWith(folder + path.sep))) {
        throw new AppError("conflict", `build ${other.name} reads files of ${name}: stop it first`);
      }
    }
  }

  async #nameIn(kind: BuildKindName, entry: string): Promise<string | null> {
    return (await this.#options.store.folders(`${BIN}/${entry}/${kind}`))[0] ?? null;
  }
}
