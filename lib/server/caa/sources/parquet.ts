import zlib from "node:zlib";
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from "hyparquet";
import type { SourceRow } from "#lib/caa/scenarios/source.ts";
import { AppError } from "#lib/core/errors.ts";

/** Snappy is the reader's own. */
const compressors: Compressors = {
  GZIP: (data) => new Uint8Array(zlib.gunzipSync(data)),
  BROTLI: (data) => new Uint8Array(zlib.brotliDecompressSync(data)),
  ZSTD: (data) => {
    // Node 20 has none.
    if (typeof zlib.zstdDecompressSync === "function") return new Uint8Array(zlib.zstdDecompressSync(data));
    throw new Error("it is compressed with zstd, which needs Node 22.15 or newer");
  },
};

/** A Parquet file of which only what is asked for is fetched. */
export interface ParquetTable {
  rows: number;
  columns: string[];
  /** @param before rows of the files before this one */
  read(columns: readonly string[], before: number): AsyncGenerator<SourceRow>;
}

/** Rows at a time, where pages can be told apart; else a whole row group. */
const PIECE = 1_000;

/** @param name what errors call it. Throws `invalid-file`, and what reading `file` throws. */
export async function openParquet(file: AsyncBuffer, name: string): Promise<ParquetTable> {
  const metadata = await readable(name, () => parquetMetadataAsync(file));
  const columns = topColumns(metadata);
  return {
    rows: Number(metadata.num_rows),
    columns,
    async *read(wanted, before) {
      for (const { rowStart, rowEnd } of piecesOf(metadata)) {
        const rows = await readable(name, () =>
          parquetReadObjects({
            file,
            metadata,
            columns: wanted.filter((column) => columns.includes(column)),
            rowStart,
            rowEnd,
            compressors,
            useOffsetIndex: true,
          }),
        );
        for (const [at, values] of rows.entries()) {
          yield { row: before + rowStart + at + 1, values: plain(values), problem: null };
        }
      }
    },
  };
}

function topColumns({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = (): void => {
    const children = schema[at]?.num_children ?? 0;
    at++;
    for (let child = 0; child < children; child++) skip();
  };
  while (at < schema.length) {
    names.push(schema[at]?.name ?? "");
    skip();
  }
  return names;
}

function* piecesOf({ row_groups }: FileMetaData): Generator<{ rowStart: number; rowEnd: number }> {
  let start = 0;
  for (const { num_rows, columns } of row_groups) {
    const end = start + Number(num_rows);
    const paged = columns.every(({ offset_index_offset }) => offset_index_offset !== undefined);
    for (let from = start; from < end; from += paged ? PIECE : end - start) {
      yield { rowStart: from, rowEnd: paged ? Math.min(end, from + PIECE) : end };
    }
    start = end;
  }
}

/** 64-bit integers as numbers, where JSON has nothing else. */
function plain(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === "bigint" ? Number(value) : value]),
  );
}

async function readable<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AppError) throw error;
    const why = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0];
    throw new AppError("invalid-file", `${name} cannot be read as Parquet: ${why}`, { cause: error });
  }
}
