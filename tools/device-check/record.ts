// node tools/device-check/record.ts: asks the demo model the fixed questions on the CPU and records its answers,
// with which every browser's device is compared. Run it again when the demo model changes.
import { writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { CHECK_MODEL, runCheckCases } from "#lib/browser/check-cases.ts";
import { loadNodeEngine } from "#lib/server/engine/load-engine.ts";
import { projectRoot } from "#lib/server/paths.ts";

const engine = await loadNodeEngine({
  modelId: CHECK_MODEL,
  device: "cpu",
  home: path.join(os.tmpdir(), "tiller-record"),
});
const { fingerprint, generated, steered, captured } = await runCheckCases(engine, () => performance.now());
await engine.dispose();
const rounded = captured.map((values) => values.map((value) => Number(value.toFixed(7))));
const file = path.join(projectRoot(), "lib/browser/fixtures/check-figures.json");
writeFileSync(file, `${JSON.stringify({ fingerprint, generated, steered, captured: rounded })}\n`);
console.log(`${file}: ${generated.flat().length} tokens, ${captured.flat().length} values`);
