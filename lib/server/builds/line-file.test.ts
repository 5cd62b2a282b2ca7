import { writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Line } from "#lib/builds/ports.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { openLineFile } from "./line-file.ts";

const folder = temporaryFolder();

async function linesOf(content: string | Uint8Array): Promise<{ lines: Line[]; again: string[] }> {
  const path_ = path.join(folder, "lines.txt");
  writeFileSync(path_, content);
  const file = openLineFile(path_, "lines.txt");
  const lines: Line[] = [];
  for await (const line of file.lines()) lines.push(line);
  const again: string[] = [];
  for (const line of lines) again.push(await file.at(line));
  const rest: Line[] = [];
  const middle = lines[lines.length >> 1];
  for await (const line of file.lines(middle)) rest.push(line);
  expect(rest).toEqual(middle ? lines.slice(middle.number) : lines);
  return { lines, again };
}

describe("a line file", () => {
  it("reads lines, each again by its place, and on from any", async () => {
    const text = fc.stringMatching(/^[a-zäß🙂]*$/u);
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { maxLength: 8 }),
        fc.boolean(),
        fc.constantFrom("\n", "\r\n"),
        async (rows, open, end) => {
          const content = rows.join(end) + (open || rows.length === 0 ? "" : end);
          const { lines, again } = await linesOf(content);
          const expected = open && rows.at(-1) === "" ? rows.slice(0, -1) : rows;
          expect(lines.map((line) => line.text)).toEqual(expected);
          expect(lines.map(({ number }) => number)).toEqual(expected.map((_, at) => at + 1));
          expect(again).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("reads lines longer than what is read at once", async () => {
    const rows = ["a".repeat(200_000), "b", "c".repeat(70_000)];
    const { lines, again } = await linesOf(rows.join("\n"));
    expect(lines.map(({ text }) => text)).toEqual(rows);
    expect(again).toEqual(rows);
  });

  it("takes a BOM off", async () => {
    expect((await linesOf("\uFEFF{}\n")).lines[0]?.text).toBe("{}");
  });

  it("names file and line of what is no text", async () => {
    const bytes = new Uint8Array([0x61, 0x0a, 0xff, 0xfe, 0x0a]);
    await expect(linesOf(bytes)).rejects.toThrow("lines.txt:2: not UTF-8 text");
  });

  it("says when the file is not there", async () => {
    const missing = openLineFile(path.join(folder, "none"), "plan.jsonl");
    await expect(missing.lines()[Symbol.asyncIterator]().next()).rejects.toThrow("plan.jsonl is not there");
    await expect(missing.sha256()).rejects.toThrow("plan.jsonl is not there");
  });
});
