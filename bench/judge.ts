import { createJudge } from "#lib/judge/judge.ts";
import { createOpenAiTransport } from "#lib/judge/openai-transport.ts";
import { startJudgeServer } from "#lib/testing/judge-server.ts";
import { writeTable } from "./table.ts";

// 400 judge calls of one second each at concurrency 50 against a real server on loopback: 8 s at best.
const calls = 400;
const latencyMs = 1000;
const concurrency = 50;

const server = await startJudgeServer({ latencyMs });
const transport = createOpenAiTransport({ baseUrl: server.url, model: "bench" });
const cache = { get: async () => new Map(), put: async () => {} };
const judge = createJudge(transport, cache, { concurrency });
const items = Array.from({ length: calls + 1 }, (_, at) => ({
  id: `${at}`,
  task: "response" as const,
  text: `text ${at}`,
  trait: "optimism",
  definition: "hope",
}));
// The first item pays for the probe and the connection.
await judge.judge(items.slice(0, 1));
const cpuBefore = process.cpuUsage();
const start = performance.now();
const result = await judge.judge(items.slice(1));
const seconds = (performance.now() - start) / 1000;
const cpu = process.cpuUsage(cpuBefore);
await server.close();

const ideal = (Math.ceil(calls / concurrency) * latencyMs) / 1000;
writeTable("judge", {
  title: "Judge throughput",
  columns: ["calls", "latency (s)", "concurrency", "seconds", "ideal (s)", "ratio", "CPU (s)"],
  rows: [
    [
      result.calls,
      latencyMs / 1000,
      concurrency,
      seconds.toFixed(2),
      ideal.toFixed(2),
      (seconds / ideal).toFixed(3),
      ((cpu.user + cpu.system) / 1e6).toFixed(2),
    ],
  ],
  notes: [
    "Real HTTP server on loopback; target: at most 1.15 times the ideal.",
    "CPU: client and server, which share one process. Where the load average exceeds the cores, the ratio measures the machine's other work.",
  ],
});
