// Looks through a CAA build in a process of its own: `node caa-browse-run.ts FOLDER JOURNAL`. Prints what it took as JSON.
import { outcomesQuerySchema } from "#lib/caa/api.ts";
import { DatasetResults } from "#lib/caa/results.ts";
import { openOutput } from "#lib/server/builds/output.ts";
import { sampleLine } from "#lib/testing/caa-data.ts";

const [folder = "", work = ""] = process.argv.slice(2);
const output = openOutput(folder);
const results = new DatasetResults();
const list = () => results.list("build", output);
const page = (query: object) =>
  results.page("build", output, outcomesQuerySchema.parse({ work, limit: 20, ...query }));
const looks: Record<string, () => Promise<unknown>> = {
  "first look: counts": list,
  "first page": () => page({}),
  "second page": () => page({ offset: 20 }),
  "page in the middle": () => page({ offset: 5_000 }),
  "search, found everywhere": () => page({ search: "the tram" }),
  "its second page": () => page({ search: "the tram", offset: 20 }),
  "search, found nowhere": () => page({ search: "zeppelin" }),
  "counts after 10 more outcomes": async () => {
    await output.append(
      work,
      Array.from({ length: 10 }, (_, at) => `${JSON.stringify(sampleLine(1_000_000 + at))}\n`).join(""),
    );
    return list();
  },
};
globalThis.gc?.();
const before = process.memoryUsage().heapUsed;
const milliseconds: Record<string, number> = {};
for (const [name, look] of Object.entries(looks)) {
  const start = performance.now();
  await look();
  milliseconds[name] = performance.now() - start;
}
globalThis.gc?.();
const heapUsed = process.memoryUsage().heapUsed - before;
console.log(JSON.stringify({ milliseconds, heapUsed, peakRss: process.resourceUsage().maxRSS * 1024 }));
