// A judge server as a process of its own, for tests that kill the run: `node judge-server-main.ts COUNTS_FILE [LATENCY_MS]`.
// Prints its address; appends the hash of every answered prompt to COUNTS_FILE, so that repeated calls can be counted.
import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import { startJudgeServer } from "./judge-server.ts";

const [counts, latency] = process.argv.slice(2);
if (!counts) {
  console.error("usage: node judge-server-main.ts COUNTS_FILE [LATENCY_MS]");
  process.exit(2);
}
const server = await startJudgeServer({
  latencyMs: Number(latency ?? 0),
  onAnswer: (prompt) => appendFileSync(counts, `${createHash("sha256").update(prompt).digest("hex")}\n`),
});
console.log(server.url);
