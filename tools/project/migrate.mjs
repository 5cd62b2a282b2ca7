// Writes the next migration: the difference between prisma/migrations and prisma/schema.prisma.
// Uses Prisma's schema engine as WASM over an in-memory PGlite, so no native engine is downloaded.
// Usage: node tools/project/migrate.mjs NAME      (--check: fail when a migration is missing)
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import { PrismaPGlite } from "pglite-prisma-adapter";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const folder = join(root, "prisma/migrations");
const lockPath = join(folder, "migration_lock.toml");
const schema = {
  path: "prisma/schema.prisma",
  content: readFileSync(join(root, "prisma/schema.prisma"), "utf8"),
};
const LOCK = `# Read by Prisma Migrate. Do not edit by hand.\nprovider = "postgresql"\n`;

/** The WASM build imports its binary as an ES module, which Node does not do by itself. */
async function loadSchemaEngine() {
  const entry = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const bindings = await import(pathToFileURL(entry).href);
  const binary = readFileSync(entry.replace(/\.js$/, ".wasm"));
  const { instance } = await WebAssembly.instantiate(binary, { "./schema_engine_bg.js": bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings.SchemaEngine;
}

function existingMigrations() {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function stampOf(date) {
  return date.toISOString().replace(/\D/g, "").slice(0, 14);
}

const SchemaEngine = await loadSchemaEngine();
const database = await PGlite.create("memory://");
const engine = await SchemaEngine.new(
  { datamodels: [[schema.path, schema.content]] },
  () => {},
  bindMigrationAwareSqlAdapterFactory(new PrismaPGlite(database)),
);
const { stdout } = await engine.diff({
  from: {
    tag: "migrations",
    baseDir: folder,
    lockfile: {
      path: "migration_lock.toml",
      content: existsSync(lockPath) ? readFileSync(lockPath, "utf8") : LOCK,
    },
    shadowDbInitScript: "",
    migrationDirectories: existingMigrations().map((path) => ({
      path,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok", value: readFileSync(join(folder, path, "migration.sql"), "utf8") },
      },
    })),
  },
  to: { tag: "schemaDatamodel", files: [schema] },
  script: true,
  exitCode: true,
  filters: { externalTables: [], externalEnums: [] },
});
await database.close();

const name = process.argv[2];
const missing = stdout !== null && !/^-- This is an empty migration\.\s*$/.test(stdout.trim());
if (!missing) {
  console.log("the migrations match prisma/schema.prisma");
} else if (name === "--check") {
  console.error(
    "prisma/schema.prisma has changed: write its migration with `node tools/project/migrate.mjs NAME`",
  );
  process.exit(1);
} else if (!/^[a-z0-9_]+$/.test(name ?? "")) {
  console.error("name the migration in a-z, 0-9 and _: node tools/project/migrate.mjs NAME");
  process.exit(2);
} else {
  const target = join(folder, `${stampOf(new Date())}_${name}`);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "migration.sql"), stdout);
  writeFileSync(lockPath, LOCK);
  console.log(join(target, "migration.sql"));
}
// The engine keeps its shadow database open.
process.exit(0);
