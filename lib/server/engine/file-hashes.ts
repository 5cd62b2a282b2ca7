import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

// Reading a file of this size again costs more than looking up its hash.
const LARGE = 4 * 2 ** 20;

const cacheSchema = z.record(
  z.string(),
  z.object({ bytes: z.number(), modified: z.number(), sha256: z.string() }),
);
type HashCache = z.infer<typeof cacheSchema>;

export interface HashedFile {
  bytes: number;
  sha256: string;
}

/** SHA-256 of files; those of large files are remembered in a JSON file by path, size and time of change. */
export class FileHashes {
  readonly #cacheFile: string;
  #cache: Promise<HashCache> | null = null;

  constructor(cacheFile: string) {
    this.#cacheFile = cacheFile;
  }

  async hash(file: string): Promise<HashedFile> {
    const { size: bytes, mtimeMs: modified } = await stat(file);
    if (bytes < LARGE) return { bytes, sha256: await sha256Of(file) };
    const cache = await this.#read();
    const known = cache[file];
    if (known?.bytes === bytes && known.modified === modified) return { bytes, sha256: known.sha256 };
    const sha256 = await sha256Of(file);
    cache[file] = { bytes, modified, sha256 };
    await this.#write(cache);
    return { bytes, sha256 };
  }

  #read(): Promise<HashCache> {
    this.#cache ??= readFile(this.#cacheFile, "utf8").then(
      (text) => parseCache(text),
      () => ({}),
    );
    return this.#cache;
  }

  async #write(cache: HashCache): Promise<void> {
    const temporary = `${this.#cacheFile}.${process.pid}.${performance.now()}.tmp`;
    await mkdir(path.dirname(this.#cacheFile), { recursive: true });
    await writeFile(temporary, JSON.stringify(cache));
    await rename(temporary, this.#cacheFile);
  }
}

/** A damaged cache is an empty one: everything in it can be computed again. */
function parseCache(text: string): HashCache {
  try {
    return cacheSchema.catch({}).parse(JSON.parse(text));
  } catch {
    return {};
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest("hex");
}
