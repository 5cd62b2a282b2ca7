// One refinery build in a process of its own: `node refinery-run.ts FOLDER URL`. Prints what it took as JSON.
import { ProgressTracker } from "#lib/builds/progress.ts";
import { createOpenAiTransport } from "#lib/judge/openai-transport.ts";
import { systemPorts } from "#lib/judge/ports.ts";
import { refineryRequestSchema } from "#lib/refinery/request.ts";
import { lockOutput } from "#lib/server/builds/output.ts";
import { runRefinery } from "#lib/server/refinery/run.ts";
import { createTeacher } from "#lib/teacher/teacher.ts";

const [folder = "", url = ""] = process.argv.slice(2);
const now = () => new Date();
const teacher = createTeacher({
  provider: "loopback",
  transports: [createOpenAiTransport({ baseUrl: url, model: "bench", role: "teacher" })],
  limits: { concurrency: 16 },
  ports: systemPorts(),
});
const request = refineryRequestSchema.parse({
  plan: "plan-in.jsonl",
  drafts: "drafts-in.jsonl",
  critiques: "critiques-in.jsonl",
  teacher: { provider: url, models: ["bench"], workers: 16 },
});
const output = lockOutput(folder, "a benchmark");
const start = performance.now();
const { stats } = await runRefinery(
  request,
  { output, teacher, progress: new ProgressTracker(now), now },
  { home: folder, folder },
);
const seconds = (performance.now() - start) / 1000;
output.release();
globalThis.gc?.();
const { heapUsed } = process.memoryUsage();
console.log(
  JSON.stringify({ seconds, peakRss: process.resourceUsage().maxRSS * 1024, heapUsed, ...stats.summary }),
);
