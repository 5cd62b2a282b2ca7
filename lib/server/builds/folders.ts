import path from "node:path";
import { type BuildFile, type BuildKindName, buildNameSchema } from "#lib/builds/api.ts";
import type { OutputFolder } from "#lib/builds/ports.ts";
import { AppError } from "#lib/core/errors.ts";
import type { FolderStore } from "../store/folder-store.ts";
import { openOutput } from "./output.ts";
import { isOwnFile, readRecord } from "./record.ts";

/** The folders of builds, `datasets/{kind}/{name}`: what lies in them. */
export class BuildFolders {
  readonly #store: FolderStore;

  constructor(store: FolderStore) {
    this.#store = store;
  }

  names(kind: BuildKindName): Promise<string[]> {
    return this.#store.folders(rootOf(kind));
  }

  /** The folder of a build, relative to the home. Throws `usage` for a name that is none. */
  relative(kind: BuildKindName, name: string): string {
    const checked = buildNameSchema.safeParse(name);
    if (checked.success) return `${rootOf(kind)}/${name}`;
    throw new AppError(
      "usage",
      `build name ${JSON.stringify(name)} is not allowed: ${checked.error.issues[0]?.message}`,
    );
  }

  /** The absolute folder of a build. Throws `usage` for a name that is none. */
  locate(kind: BuildKindName, name: string): string {
    return this.#store.locate(this.relative(kind, name));
  }

  output(kind: BuildKindName, name: string): OutputFolder {
    return openOutput(this.locate(kind, name));
  }

  /** What may be downloaded. */
  async files(kind: BuildKindName, name: string): Promise<BuildFile[]> {
    const output = this.output(kind, name);
    const names = (await output.list("")).filter((file) => !isOwnFile(file));
    const found = await Promise.all(
      names.map(async (file) => {
        const stat = await output.stat(file);
        return stat ? [{ name: file, bytes: stat.bytes, modified: stat.modified.toISOString() }] : [];
      }),
    );
    return found.flat();
  }

  /** The absolute path of one of `files`. Throws `not-found`. */
  async file(kind: BuildKindName, name: string, file: string): Promise<string> {
    const known = (await this.files(kind, name)).some((one) => one.name === file);
    if (known) return path.join(this.locate(kind, name), file);
    throw new AppError("not-found", `build ${name} has no file ${JSON.stringify(file)}`);
  }

  /** True once a build was begun there: its inputs stay what they are. */
  async hasBegun(kind: BuildKindName, name: string): Promise<boolean> {
    return (await readRecord(this.output(kind, name))) !== null;
  }
}

function rootOf(kind: BuildKindName): string {
  return `datasets/${kind}`;
}
