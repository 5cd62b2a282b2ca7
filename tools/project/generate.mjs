// Writes the Prisma client (lib/server/generated) from prisma/schema.prisma. Works offline; skips when up to date.
// Usage: node tools/project/generate.mjs
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const output = join(root, "lib/server/generated");
const stamp = join(output, ".stamp");
const prisma = join(root, "node_modules/prisma");

const wanted = createHash("sha256")
  .update(readFileSync(join(root, "prisma/schema.prisma")))
  .update(readFileSync(join(prisma, "package.json")))
  .digest("hex");

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  const run = spawnSync(process.execPath, [join(prisma, "build/index.js"), "generate", "--no-hints"], {
    cwd: root,
    encoding: "utf8",
    env: {
      ...process.env,
      // `generate` never calls the native engine but downloads it unless told of an executable.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
      CHECKPOINT_DISABLE: "1",
    },
  });
  if (run.status !== 0) {
    process.stderr.write(`${run.stdout ?? ""}${run.stderr ?? ""}`);
    process.stderr.write("the database client could not be generated from prisma/schema.prisma\n");
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}
