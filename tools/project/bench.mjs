// `npm run bench [-- NAME …]`: runs bench/NAME.ts, all of them without a name; each writes its table to bench/results/.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { childEnvironment, node24, root } from "./setup.mjs";

const folder = path.join(root, "bench");
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".ts") && file !== "table.ts")
  .map((file) => file.slice(0, -3))
  .sort();
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(", ")}: choose from ${names.join(", ")}`);
  process.exit(2);
}
for (const name of chosen.length > 0 ? chosen : names) {
  const { status } = spawnSync(
    node24,
    ["--disable-warning=ExperimentalWarning", path.join(folder, `${name}.ts`)],
    {
      cwd: root,
      env: childEnvironment(),
      stdio: "inherit",
    },
  );
  if (status !== 0) process.exitCode = 1;
}
