import { z } from "zod";
import type { ScenarioSourceSettings } from "#lib/caa/request.ts";
import type { ScenarioSource } from "#lib/caa/scenarios/source.ts";
import { AppError } from "#lib/core/errors.ts";
import type { HubClient } from "./hub-client.ts";
import { openParquet, type ParquetTable } from "./parquet.ts";
import { csv, jsonLines, type Table, tableEnd } from "./tables.ts";

const ID = /^[\w.-]{1,96}(?:\/[\w.-]{1,96})?$/;

/** True for what may be a dataset's id on the Hub. */
export function isHubId(text: string): boolean {
  return ID.test(text) && !/^\.+$|(^|\/)\.\.?(\/|$)/.test(text);
}

const infoSchema = z.object({
  sha: z.string().min(1),
  siblings: z.array(z.object({ rfilename: z.string() })).default([]),
});
/** Addresses of Parquet files by split and configuration. */
const parquetSchema = z.record(z.string(), z.record(z.string(), z.array(z.string())));

/**
 * A dataset of the Hub, by the Parquet files that the Hub has of it, else by its own Parquet, JSON Lines or CSV files.
 * Throws `not-found`, `forbidden`, `invalid-file`, and `usage` where a configuration or split must be chosen.
 */
export async function openHubDataset(
  hub: HubClient,
  settings: ScenarioSourceSettings,
): Promise<ScenarioSource> {
  const { dataset } = settings;
  const what = `dataset ${dataset}`;
  const info = await hub.json(`/api/datasets/${dataset}`, infoSchema, what);
  const listed = await parquetOf(hub, dataset, what);
  const config = choose(Object.keys(listed), settings.config, "default", "configuration", dataset);
  const own = config === null;
  const splits = own ? splitsOf(info.siblings) : (listed[config] ?? {});
  const split = choose(Object.keys(splits), settings.split, "train", "split", dataset);
  if (split === null) {
    throw new AppError(
      "usage",
      `${what} has no Parquet, JSON Lines or CSV files that could be read: download it and name the file`,
    );
  }
  const files = splits[split] ?? [];
  const table = own
    ? await openFiles(
        hub,
        files.map((file) => hub.url(`/datasets/${dataset}/resolve/${info.sha}/${encodeURI(file)}`)),
        what,
      )
    : shards(hub, files, what);
  return {
    name: dataset,
    settings: { dataset, config, split, revision: info.sha },
    ...(await table),
  };
}

/** Nothing where the Hub has made none. */
async function parquetOf(
  hub: HubClient,
  dataset: string,
  what: string,
): Promise<z.output<typeof parquetSchema>> {
  try {
    return await hub.json(`/api/datasets/${dataset}/parquet`, parquetSchema, what);
  } catch (thrown) {
    const { code, retryable } = AppError.from(thrown);
    if (code === "not-found" && !retryable) return {};
    throw thrown;
  }
}

/** What a person named, the usual one, or the only one; null where there is none. Throws `usage`. */
function choose(
  names: readonly string[],
  given: string | null,
  usual: string,
  what: string,
  dataset: string,
): string | null {
  if (names.length === 0) return null;
  const wanted = given ?? (names.includes(usual) ? usual : names.length === 1 ? names[0] : undefined);
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  const has = `it has ${names.slice(0, 20).join(", ")}`;
  if (wanted === undefined) throw new AppError("usage", `dataset ${dataset}: choose a ${what}: ${has}`);
  throw new AppError("usage", `dataset ${dataset} has no ${what} ${JSON.stringify(wanted)}: ${has}`);
}

const SPLITS = ["train", "validation", "test"];

/** A repository's own tables by the split that their paths name; without any such name all are `train`. */
function splitsOf(siblings: readonly { rfilename: string }[]): Record<string, string[]> {
  const splits: Record<string, string[]> = {};
  const tables = siblings.map(({ rfilename }) => rfilename).filter((file) => tableEnd(file) !== undefined);
  const kind = tableEnd(tables.find((file) => tableEnd(file) === "parquet") ?? tables[0] ?? "");
  for (const file of tables.filter((one) => tableEnd(one) === kind).sort()) {
    const split = SPLITS.find((name) => new RegExp(`(^|[/_.-])${name}([/_.-]|$)`, "i").test(file)) ?? "train";
    splits[split] = [...(splits[split] ?? []), file];
  }
  return splits;
}

async function openFiles(hub: HubClient, urls: readonly string[], what: string): Promise<Table> {
  const first = urls[0];
  if (first === undefined || tableEnd(first) === "parquet") return shards(hub, urls, what);
  const texts = await Promise.all(urls.map((url) => hub.text(url, what)));
  if (tableEnd(first) === "csv" || tableEnd(first) === "tsv") {
    if (texts.length === 1) return csv(texts[0] ?? "", what);
    throw new AppError("usage", `${what} has several CSV files: download one and name it`);
  }
  const lines = texts.join("\n").replaceAll("\uFEFF", "").split("\n");
  return jsonLines(async function* () {
    yield* lines;
  });
}

/** Parquet files one after the other; each is opened when it is reached. */
async function shards(hub: HubClient, urls: readonly string[], what: string): Promise<Table> {
  const opened = new Map<string, Promise<ParquetTable>>();
  const open = (url: string) => {
    const table = opened.get(url) ?? hub.file(url, what).then((file) => openParquet(file, what));
    opened.set(url, table);
    return table;
  };
  const first = urls[0];
  if (first === undefined) throw new AppError("invalid-file", `${what} has no files in this split`);
  const { columns, rows } = await open(first);
  return {
    rows: urls.length === 1 ? rows : null,
    columns: async () => columns,
    async *read(wanted) {
      let before = 0;
      for (const url of urls) {
        const table = await open(url);
        yield* table.read(wanted, before);
        before += table.rows;
      }
    },
  };
}
