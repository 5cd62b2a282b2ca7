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
/** MiB that the build may use for its objects; it fails where it needs more. Null: Node's own limit of some GiB. */
const heapLimits = [null, 128];
/** About what an answer of 800 tokens takes. */
const draftBytes = 3_000;

async function run(records: number, heapLimit: number | null, server: RefineryServer) {
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
      ...(heapLimit === null ? [] : [`--max-old-space-size=${heapLimit}`]),
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
for (const [heapLimit, size] of heapLimits.flatMap((limit) => sizes.map((size) => [limit, size] as const))) {
  const server = await startRefineryServer();
  const { seconds, peakRss, heapUsed, accepted, bytes } = await run(size, heapLimit, server);
  await server.close();
  rows.push([
    size.toLocaleString("en-US"),
    heapLimit ?? "Node's own",
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
    "heap limit (MiB)",
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
    "Heap: after a full garbage collection. Peak RSS holds Node itself, its buffers, and what the collector has not given back: with room it collects late, with little it collects often and the build is slower.",
  ],
});
