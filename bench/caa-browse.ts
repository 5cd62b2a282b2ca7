import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { filesOf } from "#lib/caa/files.ts";
import { headerLine, personaLine, rejectedLine, sampleLine } from "#lib/testing/caa-data.ts";
import { writeTable } from "./table.ts";

// The results browser over a long working journal, in a process of its own: a page must not read the journal again, and
// memory must not grow with its texts.
const sizes = [10_000, 100_000];
/** What a person reacts in, and a scene with its dialogue. */
const [reactionLength, situationLength] = [500, 1_000];
const characters = 1_000;

const nameOf = (row: number) => `Person ${row % characters}`;

/** @returns bytes */
async function writeJournal(file: string, outcomes: number): Promise<number> {
  const stream = createWriteStream(file);
  const write = async (line: unknown) => {
    if (!stream.write(`${JSON.stringify(line)}\n`)) await once(stream, "drain");
  };
  await write(headerLine);
  await write(personaLine(null));
  for (let row = 1; row <= outcomes; row++) {
    const name = nameOf(row);
    if (row <= characters) {
      await write(personaLine(name));
      await write(personaLine(name, { role: "neutral" }));
    }
    const situation = `On day ${row} ${name} waits. ${"The tram is late again. ".repeat(situationLength / 24)}`;
    const scenario = { situation, name, question: null };
    const reaction = "I wait and look around. ".repeat(reactionLength / 24);
    const own = { scenario, positive: `Look at me! ${reaction}`, neutral: reaction };
    await write(row % 20 === 0 ? rejectedLine(row, own) : sampleLine(row, own));
  }
  stream.end();
  await finished(stream);
  return statSync(file).size;
}

interface Took {
  milliseconds: Record<string, number>;
  heapUsed: number;
  peakRss: number;
}

async function run(outcomes: number): Promise<Took & { bytes: number }> {
  const folder = mkdtempSync(path.join(tmpdir(), "tiller-bench-"));
  const { work } = filesOf("", "caa_dataset_20261121_120000");
  const bytes = await writeJournal(path.join(folder, work), outcomes);
  const script = path.join(import.meta.dirname, "support/caa-browse-run.ts");
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "--expose-gc", script, folder, work],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const took = JSON.parse(await text(child.stdout));
  rmSync(folder, { recursive: true });
  return { ...took, bytes };
}

const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
const took: (Took & { size: number; bytes: number })[] = [];
for (const size of sizes) took.push({ size, ...(await run(size)) });
writeTable("caa-browse", {
  title: "CAA: looking through the results of a long build",
  columns: ["", ...took.map(({ size }) => `${size.toLocaleString("en-US")} outcomes`)],
  rows: [
    ["working journal (MiB)", ...took.map(({ bytes }) => megabytes(bytes))],
    ...Object.keys(took[0]?.milliseconds ?? {}).map((name) => [
      `${name} (ms)`,
      ...took.map(({ milliseconds }) => (milliseconds[name] ?? Number.NaN).toFixed(1)),
    ]),
    ["heap held (MiB)", ...took.map(({ heapUsed }) => megabytes(heapUsed))],
    ["peak RSS (MiB)", ...took.map(({ peakRss }) => megabytes(peakRss))],
  ],
  notes: [
    "Target: a page, the first excepted, takes the same time whatever the journal's length; the heap holds an index and no texts.",
    "The server's use case without HTTP, pages of 20, one after the other in this order. Nobody else reads the files: they lie in the system's cache.",
    "Heap held: after a full garbage collection at the end, beyond what the process held before the first look.",
  ],
});
