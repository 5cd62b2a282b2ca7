import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { critiqueLine, jsonl, planLine } from "#lib/testing/refinery-data.ts";
import { type RefineryServer, startRefineryServer } from "#lib/testing/refinery-server.ts";
import { writeTable } from "./table.ts";

// Whole builds over plan, drafts and critiques of growing length, each in a process of its own: memory must not grow
// with what streams through.
const sizes = [1_000, 10_000];
/** MiB that the build may use for its objects: it fails where it needs more. */
const heapLimit = 64;
/** About what an answer of 800 tokens takes. */
const draftBytes = 3_000;

async function run(records: number, server: RefineryServer) {
  const folder = mkdtempSync(path.join(tmpdir(), "tiller-bench-"));
  const ids = Array.from({ length: records }, (_, at) => `record_${at}`);
  const inputs = {
    plan: ids.map((id) => planLine(id)),
    drafts: ids.map((id) => ({ id, response: { summary: "x".repeat(draftBytes) } })),
    critiques: ids.map((id) => critiqueLine(id)),
  };
  let bytes = 0;
  for (const [name, rows] of Object.entries(inputs)) {
    const file = path.join(folder, `${name}-in.jsonl`);
    writeFileSync(file, jsonl(rows));
    bytes += statSync(file).size;
  }
  const child = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      "--expose-gc",
      `--max-old-space-size=${heapLimit}`,
      path.join(import.meta.dirname, "support/refinery-run.ts"),
      folder,
      server.url,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const took = JSON.parse(await text(child.stdout));
  rmSync(folder, { recursive: true });
  return { ...took, bytes } as {
    seconds: number;
    peakRss: number;
    heapUsed: number;
    accepted: number;
    bytes: number;
  };
}

const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
const rows = [];
for (const size of sizes) {
  const server = await startRefineryServer();
  const { seconds, peakRss, heapUsed, accepted, bytes } = await run(size, server);
  await server.close();
  rows.push([
    size.toLocaleString("en-US"),
    megabytes(bytes),
    megabytes(peakRss),
    megabytes(heapUsed),
    seconds.toFixed(1),
    (size / seconds).toFixed(0),
    accepted.toLocaleString("en-US"),
  ]);
}
writeTable("refinery", {
  title: "Refinery: memory as records stream through",
  columns: [
    "records",
    "inputs (MiB)",
    "peak RSS (MiB)",
    "heap at the end (MiB)",
    "seconds",
    "records/s",
    "accepted",
  ],
  rows,
  notes: [
    "Target: flat memory. Inputs are read again by their place; only ids and places are held.",
    "Join, refine against a real HTTP server on loopback that answers at once, gates, every record made durable (fsync) before it counts; then statistics and manifest.",
    `Heap: after a full garbage collection; its old generation is limited to ${heapLimit} MiB, a build that held its records would fail. Peak RSS holds Node itself (code, buffers) as well.`,
  ],
});
