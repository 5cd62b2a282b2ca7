// Entry of `npm start | test | run tiller | run bench`: sets the clone up, then hands over to Node 24.
import { spawn } from "node:child_process";
import path from "node:path";
import { childEnvironment, node24, root, setUp } from "./setup.mjs";

const entries = {
  start: "tools/project/serve.mjs",
  test: "tools/project/test.mjs",
  tiller: "lib/cli/main.ts",
  bench: "tools/project/bench.mjs",
};

const [command, ...args] = process.argv.slice(2);
const entry = entries[command];
if (!entry) {
  console.error(`usage: node tools/project/bootstrap.mjs ${Object.keys(entries).join("|")} [arguments]`);
  process.exit(2);
}

setUp();
const child = spawn(node24, ["--disable-warning=ExperimentalWarning", path.join(root, entry), ...args], {
  cwd: root,
  env: childEnvironment(),
  stdio: "inherit",
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => {
  clearInterval(watch);
  process.exit(code ?? (signal === "SIGINT" ? 130 : 1));
});

// npm does not pass a kill -9 on: when npm is gone, its command goes too, rather than hold the database's lock.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.env.npm_lifecycle_event && process.ppid !== parent) {
    child.kill("SIGKILL");
    process.exit(137);
  }
}, 500);
watch.unref();
