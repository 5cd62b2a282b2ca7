import { appendFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openOutput } from "#lib/server/builds/output.ts";
import { failedLine, headerLine, personaLine, rejectedLine, sampleLine } from "#lib/testing/caa-data.ts";
import { countingOutput } from "#lib/testing/counting-output.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { type OutcomesPage, type OutcomesQuery, outcomesQuerySchema } from "./api.ts";
import { tryJson } from "./checkpoint.ts";
import { type JournalLine, journalLineSchema, type Outcome, type PersonaRecord } from "./records.ts";
import { DatasetResults } from "./results.ts";

const folder = temporaryFolder();
const work = "caa_dataset_20261121_120000.work.ndjson";
const journal = path.join(folder, work);
const textOf = (lines: readonly JournalLine[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join("");
const query = (own: Partial<OutcomesQuery>) => outcomesQuerySchema.parse({ work, ...own });
const rowsFrom = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at);

describe("a long journal", () => {
  const begin = () => {
    const samples = rowsFrom(1, 300).map((row) => sampleLine(row));
    const text = textOf([headerLine, personaLine(null), ...samples]);
    writeFileSync(journal, text);
    const { output, taken } = countingOutput(openOutput(folder));
    const results = new DatasetResults();
    return {
      bytes: text.length,
      taken,
      list: () => results.list("a", output),
      page: (own: Partial<OutcomesQuery>, signal?: AbortSignal) =>
        results.page("a", output, query(own), signal),
    };
  };

  it("is read once; a page reads its own lines", async () => {
    const { bytes, taken, list, page } = begin();
    const [[dataset]] = await Promise.all([list(), page({ limit: 20 })]);
    expect(dataset).toMatchObject({ samples: 300, personality: "Narcissism" });
    expect(taken()).toBeLessThan(1.2 * bytes);
    const { outcomes, total } = await page({ limit: 20, offset: 200 });
    expect([total, outcomes.map(({ row }) => row)]).toEqual([300, rowsFrom(201, 20)]);
    expect(taken()).toBeLessThan(0.1 * bytes);
  });

  it("that grows is read on from where it ended; one that was replaced is read anew", async () => {
    const { bytes, taken, list, page } = begin();
    await list();
    taken();
    appendFileSync(journal, textOf([failedLine(1), failedLine(301), rejectedLine(302)]));
    expect(await list()).toMatchObject([
      { samples: 300, failed: 1, rejected: { "identical reactions": 1 }, balance: { n: 300 } },
    ]);
    expect(taken()).toBeLessThan(0.1 * bytes);
    writeFileSync(journal, textOf(rowsFrom(1, 400).map((row) => rejectedLine(row))));
    expect(await list()).toMatchObject([{ samples: 0, rejected: { "identical reactions": 400 } }]);
    expect((await page({ kind: "rejected", offset: 399 })).outcomes).toMatchObject([{ row: 400 }]);
  });

  it("is looked through once for the pages of a search, in the last outcome of each row", async () => {
    const { bytes, taken, page } = begin();
    appendFileSync(journal, textOf([failedLine(301), failedLine(301, { id: "again" })]));
    expect(await page({ kind: "failed", search: "row 301" })).toMatchObject({ total: 1 });
    expect(await page({ kind: "failed", search: "no answer" })).toMatchObject({
      outcomes: [{ id: "again" }],
    });
    expect((await page({ search: " I SAY 29", limit: 5 })).total).toBe(11);
    taken();
    const { outcomes } = await page({ search: "i say 29", limit: 5, offset: 10 });
    expect(outcomes).toMatchObject([{ row: 299 }]);
    expect(taken()).toBeLessThan(0.1 * bytes);
    await expect(page({ search: "else" }, AbortSignal.abort())).rejects.toMatchObject({ code: "aborted" });
    expect((await page({ search: "else" })).total).toBe(0);
  });

  it("of another build, or of none, is not found", async () => {
    const { page } = begin();
    await expect(page({ work: "caa_dataset_20261121_120001.work.ndjson" })).rejects.toMatchObject({
      code: "not-found",
    });
    await expect(page({ work: "../x" })).rejects.toMatchObject({ code: "not-found" });
  });
});

/** The same by reading all and keeping all. */
function plainly(text: string, { kind, search, offset, limit }: OutcomesQuery): OutcomesPage {
  const outcomes = new Map<number, Outcome>();
  const personas: PersonaRecord[] = [];
  for (const line of text.split("\n")) {
    const { data } = journalLineSchema.safeParse(tryJson(line));
    if (data?.kind === "persona") personas.push(data);
    if (!data || data.kind === "persona" || data.kind === "build") continue;
    if (data.kind === "sample" || outcomes.get(data.row)?.kind !== "sample") outcomes.set(data.row, data);
  }
  const found = [...outcomes.values()]
    .filter((outcome) => outcome.kind === kind)
    .filter((outcome) => {
      const { scenario } = outcome;
      const said =
        outcome.kind === "failed" ? [outcome.error.userMessage] : [outcome.positive, outcome.neutral];
      return [outcome.id, scenario?.situation, scenario?.name, scenario?.question, ...said].some((part) =>
        part?.toLowerCase().includes(search.trim().toLowerCase()),
      );
    })
    .sort((a, b) => a.row - b.row);
  const shown = found.slice(offset, offset + limit);
  const names = shown.map(({ scenario }) => scenario?.name);
  return {
    total: found.length,
    outcomes: shown,
    personas: personas.filter(({ name }) => name === null || names.includes(name)),
  };
}

const word = fc.constantFrom("Mara", "tram", "Straße", "Ärger", "a\nb", '"', "🙂", "");
const line = fc
  .tuple(fc.constantFrom("sample", "rejected", "failed", "persona", "damaged"), fc.nat(7), word, word)
  .map(([kind, row, name, text]) => {
    const scenario = { situation: `${text} stops`, name, question: row % 2 === 0 ? text : null };
    if (kind === "damaged") return ["", "  ", '{"kind":"sample"}', '{"kind":', "é"][row % 5];
    if (kind === "sample") return JSON.stringify(sampleLine(row, { scenario, positive: text }));
    if (kind === "failed") return JSON.stringify(failedLine(row, { scenario, id: text }));
    if (kind === "persona") return JSON.stringify(personaLine(row === 0 ? null : name));
    return JSON.stringify(rejectedLine(row, { scenario: row === 1 ? null : scenario, neutral: text }));
  });
const asked = fc.record({
  kind: fc.constantFrom("sample", "rejected", "failed"),
  search: fc.oneof(fc.constant(""), word),
  offset: fc.nat(4),
  limit: fc.integer({ min: 1, max: 5 }),
});

it("any journal is read as by keeping all of it, however it grew or was cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 30 }),
      fc.constantFrom("\n", "\r\n"),
      fc.array(fc.tuple(fc.nat(30), fc.nat(400), asked), { maxLength: 4 }),
      async (lines, end, looks) => {
        const output = openOutput(folder);
        const results = new DatasetResults();
        for (const [whole, more, own] of looks) {
          // All of the last line but its break, part of it, or nothing.
          const text = [...lines.slice(0, whole), lines[whole]?.slice(0, more) ?? ""].join(end);
          writeFileSync(journal, text);
          const wanted = query(own);
          const { personas, ...page } = plainly(text, wanted);
          const found = await results.page("a", output, wanted);
          expect(found).toEqual({ ...page, personas });
          const count = (kind: Outcome["kind"]) => plainly(text, query({ kind })).total;
          const [dataset] = await results.list("a", output);
          const rejected = Object.values(dataset?.rejected ?? {}).reduce((sum, n) => sum + n, 0);
          expect([dataset?.samples, dataset?.failed, rejected]).toEqual([
            count("sample"),
            count("failed"),
            count("rejected"),
          ]);
        }
      },
    ),
    { numRuns: 200 },
  );
});
