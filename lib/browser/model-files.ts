import { AppError } from "#lib/core/errors.ts";
import { sha256 } from "#lib/core/hash.ts";
import type { ListedFile, ModelListing } from "#lib/engine/model-listing.ts";
import { downloadParts, forgetParts, PART_BYTES, readParts } from "./file-parts.ts";
import { openModelCache } from "./model-cache.ts";
import { fileAddress, type ModelOrigin } from "./model-origin.ts";

export interface CheckedFile {
  bytes: Uint8Array<ArrayBuffer>;
  sha256: string;
}

/**
 * A model's files, fetched once and kept by the browser. Every read is checked against the file's SHA-256; what does
 * not match is fetched again.
 */
export class WebModelFiles {
  readonly listing: ModelListing;
  readonly #origin: ModelOrigin;
  readonly #onProgress: (message: string) => void;
  /** A graph and its weights are read one after the other: the second read finds them while they are in memory. */
  readonly #recent = new Map<string, { bytes: WeakRef<Uint8Array<ArrayBuffer>>; sha256: string }>();

  constructor(listing: ModelListing, origin: ModelOrigin, onProgress: (message: string) => void) {
    this.listing = listing;
    this.#origin = origin;
    this.#onProgress = onProgress;
  }

  /**
   * @throws AppError `not-found`; `model-load` (no connection), `invalid-file` (not the file that its list names),
   * `disk-full`
   */
  async read(name: string): Promise<CheckedFile> {
    const recent = this.#recent.get(name);
    const inMemory = recent?.bytes.deref();
    if (recent && inMemory) return { bytes: inMemory, sha256: recent.sha256 };
    const file = this.listing.files.find((listed) => listed.name === name);
    if (!file) throw new AppError("not-found", `model ${this.listing.id} has no file ${name}`);
    const address = fileAddress(this.#origin, this.listing.id, name);
    // Two tabs or workers that want the same file: the second waits and finds it.
    const found = await navigator.locks.request(`tiller-file ${address}`, () => this.#fetched(file, address));
    this.#recent.set(name, { bytes: new WeakRef(found.bytes), sha256: found.sha256 });
    return found;
  }

  /** A JSON file, or null when the model has none of that name. */
  async readJson(name: string): Promise<unknown> {
    const text = await this.readText(name);
    if (text === undefined) return null;
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new AppError("invalid-file", `${name} of model ${this.listing.id} is not JSON`, { cause });
    }
  }

  async readText(name: string): Promise<string | undefined> {
    if (!this.listing.files.some((listed) => listed.name === name)) return undefined;
    return new TextDecoder().decode((await this.read(name)).bytes);
  }

  async #fetched({ name, bytes, sha256: listed }: ListedFile, address: string): Promise<CheckedFile> {
    const cache = await openModelCache();
    const file = { address, bytes };
    const note = new HashNote(cache, address);
    // Twice: what was kept may be damaged or outdated, or a part of an older file than the rest.
    for (let attempt = 0; attempt < 2; attempt++) {
      await downloadParts(cache, file, this.#reporter(name, bytes));
      const kept = await readParts(cache, file);
      const hash = kept && (await sha256(kept));
      const expected = listed ?? (await note.read()) ?? hash;
      if (kept && hash && hash === expected) {
        if (listed === null) await note.write(hash);
        return { bytes: kept, sha256: hash };
      }
      await forgetParts(cache, file);
      await note.forget();
      this.#onProgress(`${name}: the kept copy is damaged or outdated and is fetched again`);
    }
    throw new AppError(
      "invalid-file",
      `${name} of model ${this.listing.id} arrived damaged twice (its SHA-256 is not the listed one): try again later`,
      { retryable: true },
    );
  }

  /** One message for every part of a large file. */
  #reporter(name: string, bytes: number): (received: number) => void {
    const size = (count: number) => (count / 1e6).toFixed(1);
    let told = -1;
    return (received) => {
      const part = received === bytes ? Number.POSITIVE_INFINITY : Math.floor(received / PART_BYTES);
      if (part === told) return;
      told = part;
      this.#onProgress(`downloading ${name}: ${size(received)} of ${size(bytes)} MB`);
    };
  }
}

/** What a file of unlisted SHA-256 had when it arrived: a later change of the kept copy shows. */
class HashNote {
  readonly #cache: Cache;
  readonly #key: string;

  constructor(cache: Cache, address: string) {
    const url = new URL(address);
    url.searchParams.set("tiller-sha256", "");
    this.#cache = cache;
    this.#key = url.href;
  }

  async read(): Promise<string | null> {
    return (await (await this.#cache.match(this.#key))?.text()) ?? null;
  }

  write(hash: string): Promise<void> {
    return this.#cache.put(this.#key, new Response(hash));
  }

  forget(): Promise<boolean> {
    return this.#cache.delete(this.#key);
  }
}
