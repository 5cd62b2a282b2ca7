// Writes the Prisma client (lib/server/generated) from prisma/schema.prisma. Works offline.
// Usage: node tools/project/generate.mjs      (setup.mjs calls it when the schema or the lock file changed)
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [join(root, "node_modules/prisma/build/index.js"), "generate", "--no-hints"],
  {
    cwd: root,
    encoding: "utf8",
    env: {
      ...process.env,
      // `generate` never calls the native engine, but downloads it unless told of an executable.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
      CHECKPOINT_DISABLE: "1",
    },
  },
);
if (status !== 0) {
  process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`);
  process.stderr.write("the database client could not be generated from prisma/schema.prisma\n");
  process.exit(1);
}
