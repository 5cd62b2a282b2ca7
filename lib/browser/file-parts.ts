import { AppError } from "#lib/core/errors.ts";
import { fetchFile, unreachable } from "./fetch-file.ts";

/** A file is kept in pieces of this size, so that a broken-off download goes on where it stopped. */
export const PART_BYTES = 4 * 2 ** 20;

export interface RemoteFile {
  address: string;
  bytes: number;
}

const partCount = ({ bytes }: RemoteFile) => Math.max(1, Math.ceil(bytes / PART_BYTES));

function partKey({ address }: RemoteFile, part: number): string {
  const url = new URL(address);
  url.searchParams.set("tiller-part", String(part));
  return url.href;
}

/** The kept file, or null when a part is missing. Its content is not checked. */
export async function readParts(cache: Cache, file: RemoteFile): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = new Uint8Array(file.bytes);
  for (let part = 0; part < partCount(file); part++) {
    const kept = await cache.match(partKey(file, part));
    if (!kept) return null;
    const piece = new Uint8Array(await kept.arrayBuffer());
    const start = part * PART_BYTES;
    if (piece.length !== Math.min(PART_BYTES, file.bytes - start)) return null;
    bytes.set(piece, start);
  }
  return bytes;
}

/** Bytes of a file that need not be downloaded again. */
export async function keptBytes(cache: Cache, file: RemoteFile): Promise<number> {
  return Math.min(file.bytes, (await firstMissing(cache, file)) * PART_BYTES);
}

async function firstMissing(cache: Cache, file: RemoteFile): Promise<number> {
  let part = 0;
  while (part < partCount(file) && (await cache.match(partKey(file, part)))) part++;
  return part;
}

export async function forgetParts(cache: Cache, file: RemoteFile): Promise<void> {
  for (let part = 0; part < partCount(file); part++) await cache.delete(partKey(file, part));
}

/**
 * Downloads the parts that are missing, in order; where the server answers to Range only the rest travels.
 * @param onBytes told with the bytes that are there, whenever some have arrived
 * @throws AppError what `fetchFile` throws; `disk-full`; `invalid-file` when the server's file has another size
 */
export async function downloadParts(
  cache: Cache,
  file: RemoteFile,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<void> {
  const first = await firstMissing(cache, file);
  if (first === partCount(file)) return;
  const offset = first * PART_BYTES;
  const response = await fetchFile(file.address, {
    cache: "no-store",
    headers: offset > 0 ? { range: `bytes=${offset}-` } : {},
  });
  // A server that knows no Range sends the whole file again.
  let received = response.status === 206 ? offset : 0;
  const writer = new PartWriter(cache, file, received);
  try {
    for await (const chunk of chunksOf(response, file.address)) {
      received += chunk.length;
      if (received > file.bytes) break;
      await writer.write(chunk);
      onBytes(received);
    }
  } finally {
    await response.body?.cancel().catch(() => undefined);
  }
  if (received !== file.bytes) {
    throw new AppError(
      "invalid-file",
      `${file.address} gave ${received} bytes where its list says ${file.bytes}: it changed meanwhile, or was cut off; try again`,
      { retryable: true },
    );
  }
  await writer.finish();
}

async function* chunksOf(response: Response, address: string): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  for (;;) {
    const next = await reader?.read().catch((cause: unknown) => {
      throw unreachable(address, cause);
    });
    if (next?.value === undefined) return;
    yield next.value;
  }
}

/** Cuts a stream that starts at a part's first byte into parts and keeps each when it is whole. */
class PartWriter {
  readonly #cache: Cache;
  readonly #file: RemoteFile;
  #part: number;
  #filled = 0;
  #buffer: Uint8Array<ArrayBuffer>;

  constructor(cache: Cache, file: RemoteFile, offset: number) {
    this.#cache = cache;
    this.#file = file;
    this.#part = offset / PART_BYTES;
    this.#buffer = this.#empty();
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + this.#buffer.length - this.#filled);
      this.#buffer.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled === this.#buffer.length) await this.#keep();
    }
  }

  /** An empty file is one empty part. */
  async finish(): Promise<void> {
    if (this.#file.bytes === 0) await this.#keep();
  }

  async #keep(): Promise<void> {
    try {
      await this.#cache.put(partKey(this.#file, this.#part), new Response(this.#buffer));
    } catch (cause) {
      const full = cause instanceof Error && cause.name === "QuotaExceededError";
      throw full ? await storageFull(this.#file, cause) : cause;
    }
    this.#part++;
    this.#filled = 0;
    this.#buffer = this.#empty();
  }

  #empty(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(Math.max(0, Math.min(PART_BYTES, this.#file.bytes - this.#part * PART_BYTES)));
  }
}

async function storageFull({ address, bytes }: RemoteFile, cause: unknown): Promise<AppError> {
  // The quota that browsers tell is often not the true one.
  const { usage = 0 } = await navigator.storage.estimate();
  const megabytes = (count: number) => `${Math.round(count / 1e6)} MB`;
  return new AppError(
    "disk-full",
    `the browser's storage is full: ${new URL(address).pathname} needs ${megabytes(bytes)}, and ${megabytes(usage)} are kept already; remove models on the device page, free disk space or choose a smaller model`,
    { cause },
  );
}
