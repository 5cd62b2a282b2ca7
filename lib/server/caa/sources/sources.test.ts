import { writeFileSync } from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { afterEach, describe, expect, it } from "vitest";
import { previewScenarios } from "#lib/caa/preview.ts";
import { type ScenarioSourceSettings, scenarioSourceSchema } from "#lib/caa/request.ts";
import type { ScenarioSource } from "#lib/caa/scenarios/source.ts";
import { AppError } from "#lib/core/errors.ts";
import type { JudgePorts } from "#lib/judge/contract.ts";
import { type HubDataset, type HubServer, startHubServer } from "#lib/testing/hub-server.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { openScenarios } from "./open.ts";

const folder = temporaryFolder("tiller-sources");
let hub: HubServer | undefined;
let waited: number[] = [];
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  waited = [];
});

let time = 0;
const ports: JudgePorts = {
  now: () => time,
  async sleep(ms) {
    waited.push(ms);
    time += ms;
  },
  random: () => 0.5,
};

function open(dataset: string, own: Partial<ScenarioSourceSettings> = {}, token?: string, anyFile = true) {
  const settings = scenarioSourceSchema.parse({ dataset, ...own });
  const hubEndpoint = hub?.url ?? "http://127.0.0.1:9";
  return openScenarios(settings, {
    home: folder,
    folder,
    anyFile,
    hubToken: async () => token,
    hubEndpoint,
    ports,
  });
}

const caught = async (work: Promise<unknown>) =>
  AppError.from(
    await work.then(
      () => expect.fail("it did not throw"),
      (error: unknown) => error,
    ),
  );

async function rowsOf(
  source: ScenarioSource,
  columns = ["narrative", "speakers"],
  most = Number.POSITIVE_INFINITY,
) {
  const rows = [];
  for await (const row of source.read(columns)) {
    rows.push(row);
    if (rows.length === most) break;
  }
  return rows;
}

const soda = (count: number, from = 0) => {
  const at = Array.from({ length: count }, (_, row) => from + row);
  return {
    narrative: at.map((row) => `Emma tells Tom the number ${row}. She is glad.`),
    speakers: at.map(() => ["Emma", "Tom"]),
    PersonX: at.map(() => "Emma"),
    original_index: at,
    filler: at.map((row) => `${row} `.repeat(200)),
  };
};

function parquet(table: Record<string, unknown[]>, options: object = {}): Uint8Array<ArrayBuffer> {
  const columnData = Object.entries(table).map(([name, data]): ColumnSource => {
    if (name === "original_index") return { name, data: (data as number[]).map(BigInt), type: "INT64" };
    return Array.isArray(data[0])
      ? { name, data, type: "JSON" }
      : { name, data: data as string[], type: "STRING" };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 100, ...options }));
}

describe("a local file", () => {
  it.each([
    ["UNCOMPRESSED", undefined],
    ["SNAPPY", undefined],
    ["GZIP", zlib.gzipSync],
    ["BROTLI", zlib.brotliCompressSync],
    ...("zstdCompressSync" in zlib ? [["ZSTD", zlib.zstdCompressSync] as const] : []),
  ] as const)("of Parquet with %s is read in order", async (codec, compress) => {
    const compressors = compress
      ? { [codec]: (data: Uint8Array) => new Uint8Array(compress(data)) }
      : undefined;
    const file = path.join(folder, `${codec}.parquet`);
    writeFileSync(file, parquet(soda(250), { codec, ...(compressors && { compressors }) }));
    const source = await open(file);
    expect(source.rows).toBe(250);
    const rows = await rowsOf(source, ["narrative", "original_index"]);
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 250 }, (_, at) => at + 1));
    expect(rows[249]?.values).toEqual({ narrative: soda(250).narrative[249], original_index: 249 });
  });

  it("of JSON Lines or CSV is read, its bad rows told, and its columns guessed", async () => {
    const jsonl = path.join(folder, "s.jsonl");
    writeFileSync(jsonl, '\uFEFF{"text": "Mara and Emil talk.", "who": "Mara"}\r\n\r\n[1]\r\n{"text": 1');
    const rows = await rowsOf(await open(jsonl));
    expect(rows.map(({ row, problem }) => [row, problem === null])).toEqual([
      [1, true],
      [2, false],
      [3, false],
    ]);
    const csv = path.join(folder, "s.csv");
    writeFileSync(csv, 'situation;name\n"Mara; and\nEmil";Mara\na;b;c\n');
    const preview = await previewScenarios(await open(csv), {});
    expect(preview).toMatchObject({
      columns: ["situation", "name"],
      mapping: { situation: "situation", name: "name" },
      examples: [
        { scenario: { situation: "Mara; and\nEmil", name: "Mara" } },
        { scenario: null, rejection: { reason: "unreadable row" } },
      ],
    });
    const unknown = await previewScenarios(await open(jsonl), { situation: "nothing" });
    expect(unknown).toMatchObject({
      mapping: null,
      problem: /no column "nothing"/.exec(unknown.problem ?? "")?.input,
    });
  });

  it("that cannot be read is one line", async () => {
    const file = path.join(folder, "broken.parquet");
    writeFileSync(file, parquet(soda(5)).subarray(0, 300));
    expect((await caught(open(file))).userMessage).toMatch(/broken\.parquet cannot be read as Parquet: /);
    expect((await caught(open(path.join(folder, "gone.csv")))).code).toBe("not-found");
    expect((await caught(open("../other.csv", {}, undefined, false))).code).toBe("forbidden");
    expect((await caught(open("a b c"))).userMessage).toMatch(
      /neither bundled, a file that is there, nor an id/,
    );
    expect((await open("bundled")).settings.dataset).toBe("bundled");
  });
});

describe("a dataset of the Hub", () => {
  const shards = [parquet(soda(300)), parquet(soda(200, 300))];
  const serve = async (dataset: HubDataset) => (hub = await startHubServer({ "allenai/soda": dataset }));

  it("is read from its Parquet files, shard after shard, and only what is needed", async () => {
    const server = await serve({
      parquet: { default: { train: shards, test: [shards[1] ?? new Uint8Array()] } },
    });
    const source = await open("allenai/soda");
    expect(source.settings).toEqual({
      dataset: "allenai/soda",
      config: "default",
      split: "train",
      revision: "abc123",
    });
    const some = await rowsOf(source, ["narrative"], 3);
    expect(some[2]?.values).toEqual({ narrative: soda(3).narrative[2] });
    expect(server.storage.every(({ range }) => range !== undefined)).toBe(true);
    expect(server.storage.some(({ path: of }) => of.includes("/1.parquet"))).toBe(false);
    const rows = await rowsOf(source, ["narrative"]);
    expect(rows).toHaveLength(500);
    expect(rows[499]).toMatchObject({ row: 500, values: { narrative: soda(500).narrative[499] } });
    const test = await open("allenai/soda", { split: "test" });
    expect(test.rows).toBe(200);
    expect((await caught(open("allenai/soda", { split: "dev" }))).userMessage).toBe(
      'dataset allenai/soda has no split "dev": it has train, test',
    );
  });

  it("sends the token to the Hub, and to no other host", async () => {
    const server = await serve({ token: "hf_secret", parquet: { default: { train: shards } } });
    const refused = await caught(open("allenai/soda"));
    expect(refused.code).toBe("forbidden");
    expect(refused.userMessage).toMatch(/needs permission .*401\): set HF_TOKEN/);
    const wrong = await caught(open("allenai/soda", {}, "hf_other"));
    expect(wrong.userMessage).toMatch(/the token that is set may not read it/);
    expect(JSON.stringify(wrong)).not.toContain("hf_other");
    const source = await open("allenai/soda", {}, "hf_secret");
    await rowsOf(source, ["narrative"], 1);
    expect(server.requests.at(-1)?.authorization).toBe("Bearer hf_secret");
    expect(server.storage.length).toBeGreaterThan(1);
    expect(server.storage.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  });

  it("waits as long as a busy Hub asks, and asks again where a signed address has expired", async () => {
    const server = await serve({ parquet: { default: { train: shards } } });
    server.refuse({ status: 429, headers: { "retry-after": "7" } }, { status: 503 });
    const source = await open("allenai/soda");
    expect(Math.max(...waited)).toBeGreaterThanOrEqual(7_000);
    server.expire();
    expect(await rowsOf(source, ["narrative"], 2)).toHaveLength(2);
    server.refuse(...Array.from({ length: 9 }, () => ({ status: 500 })));
    expect((await caught(open("allenai/soda"))).userMessage).toMatch(/answers 500, again and again/);
  });

  it("without Parquet files of the Hub is read from its own", async () => {
    const lines = soda(3)
      .narrative.map((narrative) => JSON.stringify({ narrative }))
      .join("\n");
    await serve({ files: { "README.md": "x", "data/train.jsonl": `${lines}\n`, "data/test.jsonl": "{}\n" } });
    const source = await open("allenai/soda");
    expect((await rowsOf(source)).map(({ values }) => values?.narrative)).toEqual(soda(3).narrative);
    await hub?.close();
    await serve({ files: { "train-0.parquet": shards[0] ?? "" } });
    expect((await open("allenai/soda")).rows).toBe(300);
    await hub?.close();
    await serve({ files: { "README.md": "x" } });
    expect((await caught(open("allenai/soda"))).userMessage).toMatch(/no Parquet, JSON Lines or CSV files/);
  });

  it("that is gone, broken or out of reach is one line", async () => {
    await serve({ parquet: { default: { train: [new Uint8Array(2_000)] } } });
    expect((await caught(open("allenai/none"))).userMessage).toMatch(
      /has no dataset allenai\/none, or it is private/,
    );
    const broken = await caught(open("allenai/soda"));
    expect(broken.userMessage).toMatch(/^dataset allenai\/soda cannot be read as Parquet: /);
    await hub?.close();
    hub = undefined;
    expect((await caught(open("allenai/soda"))).userMessage).toMatch(
      /^127\.0\.0\.1:9 cannot be reached: connect to the internet, set HF_ENDPOINT, or use a local file/,
    );
  });
});
