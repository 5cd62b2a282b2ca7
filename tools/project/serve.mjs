// `npm start`: builds when a source is newer than the last build, then serves on the loopback address only.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { childEnvironment, node24, root } from "./setup.mjs";

const nextCli = path.join(root, "node_modules/next/dist/bin/next");
const stamp = path.join(root, ".next/tiller-build");
const sources = ["app", "components", "lib", "prisma", "next.config.mjs", "instrumentation.ts", "proxy.ts"];
const settings = ["postcss.config.mjs", "package-lock.json", "tsconfig.json"];

/** Builds the pages unless the last build is of the same sources. Exits the process when the build fails. */
export function buildIfNeeded() {
  const current = sourceFingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === current) return;
  console.error("Building the pages (once after a change) …");
  const { status } = spawnSync(node24, [nextCli, "build"], {
    cwd: root,
    env: childEnvironment(),
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) process.exit(1);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, current);
}

function sourceFingerprint() {
  const hash = createHash("sha256");
  const visit = (file) => {
    if (!existsSync(file)) return;
    if (statSync(file).isDirectory()) {
      for (const name of readdirSync(file).sort()) visit(path.join(file, name));
    } else if (!/\.test\.tsx?$/.test(file)) {
      hash.update(path.relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
    }
  };
  for (const source of [...sources, ...settings]) visit(path.join(root, source));
  return hash.digest("hex");
}

/** Serves http://localhost:{port}; resolves with the exit code when the server stops. */
export async function serve(port) {
  if (!(await isFree(port))) {
    console.error(
      `Port ${port} is in use: stop what uses it, or choose another with PORT=${port + 1} npm start`,
    );
    return 1;
  }
  buildIfNeeded();
  const server = spawn(
    node24,
    ["--disable-warning=ExperimentalWarning", nextCli, "start", "-H", "127.0.0.1", "-p", String(port)],
    {
      cwd: root,
      env: { ...childEnvironment(), NODE_ENV: "production", PORT: String(port) },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  server.stdout.setEncoding("utf8").on("data", (text) => {
    if (/Ready in/.test(text)) console.log(`Tiller is ready: http://localhost:${port}`);
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => server.kill(signal));
  // A killed parent must not leave a server behind that holds the database.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) server.kill("SIGKILL");
  }, 500).unref();
  return new Promise((resolve) => server.on("exit", (code) => resolve(code ?? 0)));
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer()
      .once("error", () => resolve(false))
      .once("listening", () => probe.close(() => resolve(true)))
      .listen(port, "127.0.0.1");
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const port = Number(process.env.PORT || 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    console.error(`PORT=${process.env.PORT} is not a port: use a number from 1 to 65535`);
    process.exit(2);
  }
  process.exitCode = await serve(port);
}
