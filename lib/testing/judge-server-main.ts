// A judge server as a process of its own, for tests that kill the run and for trying things by hand:
// `node judge-server-main.ts COUNTS_FILE [LATENCY_MS] [--port N]`. Prints its address; appends the hash of every
// answered prompt to COUNTS_FILE, so that repeated calls can be counted, over restarts of this server, too.
import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startJudgeServer } from "./judge-server.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { port: { type: "string", default: "0" } },
});
const [counts, latency] = positionals;
if (!counts) {
  console.error("usage: node judge-server-main.ts COUNTS_FILE [LATENCY_MS] [--port N]");
  process.exit(2);
}
const server = await startJudgeServer({
  port: Number(values.port),
  latencyMs: Number(latency ?? 0),
  onAnswer: (prompt) => appendFileSync(counts, `${createHash("sha256").update(prompt).digest("hex")}\n`),
});
console.log(server.url);
