// Makes a fresh clone runnable: packages from the lock file, the generated database client.
// Runs on any Node >= 20, before anything is installed; uses Node's own modules only.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const node24 = path.join(
  root,
  "node_modules/node/bin",
  process.platform === "win32" ? "node.exe" : "node",
);

/**
 * Environment of every child: Node 24 first on the path, the project's root, no telemetry, no downloads at install.
 * TILLER_CWD is where the person stands (npm moves to the project's root): relative paths they give start there.
 */
export function childEnvironment() {
  const cwd = process.env.TILLER_CWD || process.env.INIT_CWD || process.cwd();
  return {
    ...process.env,
    PATH: [path.dirname(node24), path.join(root, "node_modules/.bin"), process.env.PATH].join(path.delimiter),
    TILLER_ROOT: root,
    TILLER_CWD: cwd,
    TILLER_HOME: path.resolve(cwd, process.env.TILLER_HOME || root),
    // A command starts in half the time.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? path.join(root, "node_modules/.cache/node-compile"),
    NEXT_TELEMETRY_DISABLED: "1",
    ONNXRUNTIME_NODE_INSTALL: "skip",
  };
}

/** Installs and generates what is missing or older than the files it comes from; says so on stderr. */
export function setUp() {
  if (isInstalled() && isGenerated()) return;
  withLock(() => {
    if (!isInstalled()) {
      console.error("Installing packages (once; a minute or two) …");
      // Not `npm ci`: it refuses a lock file that lacks other platforms' optional packages (docs/decisions/006).
      run("npm", ["install", "--no-save", "--loglevel=error", "--no-audit", "--no-fund"]);
      writeFileSync(installedStamp, fingerprint(["package-lock.json"]));
    }
    if (!isGenerated()) {
      run(node24, [path.join(root, "tools/project/generate.mjs")]);
      mkdirSync(path.dirname(generatedStamp), { recursive: true });
      writeFileSync(generatedStamp, fingerprint(generatedFrom));
    }
  });
}

const installedStamp = path.join(root, "node_modules/.tiller-lock");
const generatedStamp = path.join(root, "lib/server/generated/.stamp");
const generatedFrom = ["prisma/schema.prisma", "package-lock.json"];

function isInstalled() {
  return stampMatches(installedStamp, ["package-lock.json"]) && existsSync(node24);
}

function isGenerated() {
  return stampMatches(generatedStamp, generatedFrom);
}

function stampMatches(stamp, files) {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint(files);
}

function fingerprint(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(path.join(root, file)));
  return hash.digest("hex");
}

function run(command, args) {
  // Children's stdout goes to stderr: stdout belongs to the command's result.
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    env: childEnvironment(),
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (error || status !== 0) {
    console.error(
      `Setting up failed: ${command} ${args.join(" ")} ${error ? error.message : `ended with ${status}`}`,
    );
    process.exit(1);
  }
}

/** Two commands in a fresh clone at once: the second waits until the first has set up. */
function withLock(work) {
  const lock = path.join(root, ".tiller/setup.lock");
  mkdirSync(path.dirname(lock), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (isAlive(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
      else rmSync(lock, { force: true });
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isAlive(lock) {
  try {
    process.kill(Number(readFileSync(lock, "utf8")), 0);
    return true;
  } catch {
    return false;
  }
}
