import { z } from "zod";
import {
  type BuildKindName,
  type UploadSource,
  type UploadState,
  uploadPartBytes,
  uploadSourceSchema,
} from "#lib/builds/api.ts";
import { AppError } from "#lib/core/errors.ts";
import { formatJson } from "#lib/formats/json.ts";
import type { FolderStore } from "../store/folder-store.ts";
import type { BuildFolders } from "./folders.ts";
import type { BuildKinds } from "./kinds.ts";

const uploadSchema = z.object({ source: uploadSourceSchema, received: z.number().int() });
type Upload = z.infer<typeof uploadSchema>;

const FOLDER = ".tiller/uploads";
/** How long an upload waits for its build, in milliseconds: a week. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** A file on its way into a build's folder; paths are relative to the home. */
interface Place {
  kind: BuildKindName;
  name: string;
  file: string;
  /** The build's folder. */
  folder: string;
  input: string;
  partial: string;
  /** Says what `partial`, later `input`, is made of. */
  record: string;
}

/**
 * Inputs that a page puts into the folder of a build before it begins, part by part. A file becomes the input when its
 * last part is there; an upload that was cut off goes on, in another process too. Throws `usage` for a file that the kind
 * does not know, `conflict` once the build has begun.
 */
export class BuildUploads {
  readonly #store: FolderStore;
  readonly #folders: BuildFolders;
  readonly #kinds: BuildKinds;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: FolderStore, folders: BuildFolders, kinds: BuildKinds) {
    this.#store = store;
    this.#folders = folders;
    this.#kinds = kinds;
  }

  /** What is there of a file. Where it was uploaded for another name, and no build has begun there, it moves here. */
  begin(kind: BuildKindName, name: string, file: string, source: UploadSource): Promise<UploadState> {
    return this.#inTurn(async () => {
      const place = await this.#open(kind, name, file);
      await this.#takeOver(place, source);
      return this.#stateOf(place, source);
    });
  }

  /**
   * Adds the part that begins at byte `offset`; one that is there already changes nothing. At byte 0 another file takes
   * the place of what was begun before. Throws `conflict` for a part that does not follow.
   */
  part(
    kind: BuildKindName,
    name: string,
    file: string,
    { offset, ...source }: UploadSource & { offset: number },
    data: Uint8Array,
  ): Promise<UploadState> {
    return this.#inTurn(async () => {
      const place = await this.#open(kind, name, file);
      const before = await this.#stateOf(place, source);
      if (before.complete || offset < before.received) return before;
      if (offset > before.received) {
        throw new AppError(
          "conflict",
          `${file} of build ${name} has ${before.received} bytes of ${source.name}, this part begins at ${offset}: another upload took its place, start it again or choose another name`,
        );
      }
      const received = offset + data.length;
      if (
        data.length > uploadPartBytes ||
        received > source.size ||
        (data.length === 0 && offset < source.size)
      ) {
        throw new AppError(
          "invalid-input",
          `${data.length} bytes at ${offset} are no part of ${source.size}: choose the file again`,
        );
      }
      // Told first: bytes of another file must never count as this one's.
      if (offset === 0) await this.#write(place, { source, received: 0 });
      await this.#store.replaceFrom(place.partial, offset, data);
      await this.#write(place, { source, received });
      if (received === source.size) await this.#store.move(place.partial, place.input);
      return { received, complete: received === source.size };
    });
  }

  /** Takes away what was never finished. */
  dropPartial(kind: BuildKindName, name: string): Promise<void> {
    return this.#inTurn(async () => {
      for (const file of this.#kinds[kind]?.uploads ?? []) {
        await this.#store.remove(this.#place(kind, name, file).partial);
      }
    });
  }

  /** Removes uploads of which no build was begun within a week after their last part. */
  sweep(now: Date): Promise<void> {
    return this.#inTurn(async () => {
      for (const kind of Object.keys(this.#kinds) as BuildKindName[]) {
        for (const name of await this.#folders.names(kind)) {
          const files = await this.#uploadsOnly(kind, name);
          const stats = await Promise.all(files.map((file) => this.#store.stat(file)));
          const changed = stats.map((stat) => stat?.modified.getTime() ?? Number.POSITIVE_INFINITY);
          const isOld = files.length > 0 && Math.max(...changed) < now.getTime() - KEPT_MS;
          if (isOld) await this.#store.removeFolder(this.#folders.relative(kind, name));
        }
      }
    });
  }

  #place(kind: BuildKindName, name: string, file: string): Place {
    const uploads = this.#kinds[kind]?.uploads ?? [];
    if (!uploads.includes(file)) {
      throw new AppError("usage", `file ${JSON.stringify(file)} is none of ${uploads.join(", ")}`);
    }
    const folder = this.#folders.relative(kind, name);
    const work = `${folder}/${FOLDER}/${file}`;
    return {
      kind,
      name,
      file,
      folder,
      input: `${folder}/${file}`,
      partial: `${work}.part`,
      record: `${work}.json`,
    };
  }

  async #open(kind: BuildKindName, name: string, file: string): Promise<Place> {
    const place = this.#place(kind, name, file);
    if (!(await this.#folders.hasBegun(kind, name))) return place;
    throw new AppError("conflict", `build ${name} has begun: its inputs cannot be replaced`);
  }

  /** Of this file; another one's bytes are none. */
  async #stateOf(place: Place, source: UploadSource): Promise<UploadState> {
    const upload = await this.#read(place.record);
    const nothing = { received: 0, complete: false };
    if (!upload || !isSame(upload.source, source)) return nothing;
    const { received } = upload;
    const partial = await this.#store.stat(place.partial);
    if (partial) return partial.bytes < received ? nothing : { received, complete: false };
    const complete = received === source.size && (await this.#store.stat(place.input))?.bytes === received;
    return complete ? { received, complete } : nothing;
  }

  async #takeOver({ kind, name, file, folder }: Place, source: UploadSource): Promise<void> {
    if ((await this.#store.list(folder)).length > 0) return;
    for (const other of await this.#folders.names(kind)) {
      if (other === name) continue;
      const from = this.#place(kind, other, file);
      if ((await this.#stateOf(from, source)).received === 0) continue;
      if ((await this.#uploadsOnly(kind, other)).length === 0) continue;
      return this.#store.move(from.folder, folder);
    }
  }

  /** The files of a folder that holds nothing but uploads; else none. */
  async #uploadsOnly(kind: BuildKindName, name: string): Promise<string[]> {
    const folder = this.#folders.relative(kind, name);
    const files = await this.#store.list(folder);
    const places = (this.#kinds[kind]?.uploads ?? []).map((file) => this.#place(kind, name, file));
    const uploaded = places.filter(({ record }) => files.includes(record));
    const own = new Set(uploaded.flatMap(({ input, partial, record }) => [input, partial, record]));
    return files.every((file) => own.has(file)) ? files : [];
  }

  async #read(record: string): Promise<Upload | null> {
    const text = await this.#store.readText(record);
    if (text === null) return null;
    try {
      return uploadSchema.parse(JSON.parse(text));
    } catch {
      // Not to be understood: the upload starts over.
      return null;
    }
  }

  #write({ record }: Place, upload: Upload): Promise<void> {
    return this.#store.write(record, formatJson(upload));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}

function isSame(a: UploadSource, b: UploadSource): boolean {
  return a.name === b.name && a.size === b.size && a.modified === b.modified;
}
