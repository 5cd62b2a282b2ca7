// `npm test`: everything CI checks, each part even when an earlier one failed. Last line: `N passed, N failed, N skipped`.
// `npm test -- unit e2e` runs only the named parts.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { findChromium } from "./chromium.mjs";
import { childEnvironment, root } from "./setup.mjs";

const reports = mkdtempSync(path.join(os.tmpdir(), "tiller-test-"));
const totals = { passed: 0, failed: 0, skipped: 0 };
const bin = (name) => path.join(root, "node_modules/.bin", name);

function run(command, args, env = {}) {
  return spawnSync(command, args, {
    cwd: root,
    env: { ...childEnvironment(), ...env },
    stdio: ["ignore", 1, 2],
  }).status;
}

function check(name, command, args) {
  count(name, run(command, args) === 0 ? { passed: 1 } : { failed: 1 });
}

function count(name, { passed = 0, failed = 0, skipped = 0 }) {
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
  console.log(`== ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
}

/** Counts a runner's own report; a runner that ended badly without a failed test counts as one failure. */
function suite(name, status, readCounts) {
  let counts;
  try {
    counts = readCounts();
  } catch {
    counts = { failed: 1 };
  }
  if (status !== 0 && !counts.failed) counts.failed = 1;
  if (!counts.passed && !counts.failed) counts.failed = 1;
  count(name, counts);
}

function vitest(name, args) {
  const report = path.join(reports, `${name}.json`);
  const status = run(bin("vitest"), [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...args,
  ]);
  suite(name, status, () => {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
      readFileSync(report, "utf8"),
    );
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
  });
}

const parts = {
  format: () => check("format and lint", bin("biome"), ["check", "--error-on-warnings", "."]),
  boundaries: () =>
    check("boundaries", bin("depcruise"), [
      "--config",
      ".dependency-cruiser.mjs",
      "app",
      "components",
      "lib",
    ]),
  types: () => {
    run(bin("next"), ["typegen"]);
    check("types", bin("tsc"), ["--noEmit", "-p", "."]);
  },
  unit: () => vitest("unit", []),
  fault: () => vitest("fault", ["--config", "tests/fault/vitest.config.ts"]),
  e2e: async () => {
    const chromium = await findChromium();
    const report = path.join(reports, "e2e.json");
    const status = run(bin("playwright"), ["test", "--reporter=list,json"], {
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
      ...(chromium ? { CHROMIUM_PATH: chromium } : {}),
    });
    suite("end to end", status, () => {
      const { expected, unexpected, flaky, skipped } = JSON.parse(readFileSync(report, "utf8")).stats;
      return { passed: expected, failed: unexpected + flaky, skipped };
    });
  },
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`no part ${unknown.join(", ")}: choose from ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
for (const [name, part] of Object.entries(parts)) {
  if (chosen.length === 0 || chosen.includes(name)) await part();
}
rmSync(reports, { recursive: true, force: true });
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 ? 0 : 1;
