import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { lockHome } from "#lib/server/database/lock.ts";
import { detectDevices } from "#lib/server/engine/devices.ts";
import { listModels } from "#lib/server/engine/installed-models.ts";
import { prepareHome } from "#lib/server/home.ts";
import { projectRoot, tillerHome, workFolder } from "#lib/server/paths.ts";
import { exitCodes, print, printJson } from "../output.ts";

interface Check {
  check: string;
  /** `note`: worth knowing, nothing is wrong. */
  state: "ok" | "note" | "problem";
  told: string;
}

const LITTLE_DISK = 1e9;
const LITTLE_MEMORY = 1e9;

/** `tiller doctor`: what this machine offers, and what is in the way. */
export async function doctorCommand({ json }: { json?: boolean }): Promise<number> {
  const checks = [
    nodeCheck(),
    homeCheck(),
    lockCheck(),
    diskCheck(),
    memoryCheck(),
    buildCheck(),
    judgeCheck(),
  ];
  checks.push(...(await modelChecks()), ...(await deviceChecks()));
  if (json) printJson(checks);
  else {
    const width = Math.max(...checks.map(({ check }) => check.length));
    for (const { check, state, told } of checks) print(`${state.padEnd(7)}  ${check.padEnd(width)}  ${told}`);
  }
  return checks.some(({ state }) => state === "problem") ? exitCodes.failed : exitCodes.ok;
}

function nodeCheck(): Check {
  const [major = 0] = process.versions.node.split(".").map(Number);
  const told = `Node ${process.versions.node}`;
  if (major >= 24) return { check: "node", state: "ok", told };
  return {
    check: "node",
    state: "problem",
    told: `${told}: start Tiller with npm run tiller, which brings Node 24`,
  };
}

function homeCheck(): Check {
  const home = tillerHome();
  try {
    prepareHome(home, projectRoot());
    accessSync(home, constants.W_OK);
    return { check: "home", state: "ok", told: home };
  } catch (error) {
    return { check: "home", state: "problem", told: AppError.from(error).message };
  }
}

function lockCheck(): Check {
  if (process.env.DATABASE_URL)
    return { check: "database", state: "ok", told: "a PostgreSQL server (DATABASE_URL)" };
  try {
    lockHome(workFolder(tillerHome()), "tiller doctor").release();
    return { check: "database", state: "ok", told: "embedded, not in use" };
  } catch (error) {
    const known = AppError.from(error);
    return { check: "database", state: known.code === "locked" ? "note" : "problem", told: known.message };
  }
}

function diskCheck(): Check {
  try {
    const { bavail, bsize } = statfsSync(tillerHome());
    const free = bavail * bsize;
    return { check: "disk", state: free < LITTLE_DISK ? "problem" : "ok", told: `${gigabytes(free)} free` };
  } catch (error) {
    return { check: "disk", state: "problem", told: AppError.from(error).message };
  }
}

function memoryCheck(): Check {
  const free = process.availableMemory();
  return { check: "memory", state: free < LITTLE_MEMORY ? "problem" : "ok", told: `${gigabytes(free)} free` };
}

function buildCheck(): Check {
  const built = existsSync(path.join(projectRoot(), ".next/BUILD_ID"));
  return {
    check: "pages",
    state: built ? "ok" : "note",
    told: built ? "built" : "not built yet: npm start builds them",
  };
}

function judgeCheck(): Check {
  const keys = ["TILLER_JUDGE_KEY", "OPENAI_API_KEY"].filter((name) => process.env[name]);
  const told =
    keys.length > 0
      ? `a key for a judge endpoint is in ${keys.join(" and ")}`
      : "the built-in judge; no endpoint's key is in the environment";
  return { check: "judge", state: "ok", told };
}

async function modelChecks(): Promise<Check[]> {
  const models = await listModels({ home: tillerHome() });
  const checks = models.map(
    ({ id, label, problem }): Check =>
      problem === null
        ? { check: `model ${id}`, state: "ok", told: label }
        : { check: `model ${id}`, state: "problem", told: problem },
  );
  if (models.some(({ id }) => id === "demo")) return checks;
  return [
    ...checks,
    {
      check: "model demo",
      state: "problem",
      told: "the bundled model is missing: restore public/models/demo",
    },
  ];
}

async function deviceChecks(): Promise<Check[]> {
  const devices = await detectDevices();
  return devices.map(({ device, available, reason }) => ({
    check: `device ${device}`,
    state: available ? "ok" : "note",
    told: reason,
  }));
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
