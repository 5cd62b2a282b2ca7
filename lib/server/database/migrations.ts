import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";

/** What the runner needs of a connection: whole scripts, and one parameterless query. */
export interface ScriptConnection {
  /** Runs a script of several statements. */
  exec(sql: string): Promise<void>;
  query(sql: string): Promise<Record<string, unknown>[]>;
}

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

// Prisma Migrate's own table and lock number, so that `prisma migrate deploy` goes on from here and the other way round.
const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;
const PRISMA_LOCK = 72707369;

/** `prisma/migrations/NAME/migration.sql`, in order; the checksum is the file's sha256 as Prisma computes it. */
export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .filter((name) => existsSync(path.join(folder, name, "migration.sql")))
    .map((name) => {
      const bytes = readFileSync(path.join(folder, name, "migration.sql"));
      return {
        name,
        sql: bytes.toString("utf8"),
        checksum: createHash("sha256").update(bytes).digest("hex"),
      };
    });
}

/**
 * Brings the database to the newest migration; each is applied with its record in one transaction.
 * Throws AppError `conflict` when the database holds a migration this version lacks or that was edited since.
 * @returns the names of the migrations it applied.
 */
export async function applyMigrations(connection: ScriptConnection, folder: string): Promise<string[]> {
  const migrations = readMigrations(folder);
  await connection.query(`SELECT pg_advisory_lock(${PRISMA_LOCK})`);
  try {
    await connection.exec(TABLE);
    const rows = await connection.query(
      `SELECT "migration_name", "checksum" FROM "_prisma_migrations"
       WHERE "finished_at" IS NOT NULL AND "rolled_back_at" IS NULL`,
    );
    const applied = new Map(rows.map((row) => [String(row.migration_name), String(row.checksum)]));
    refuseForeign(applied, migrations);
    const missing = migrations.filter(({ name }) => !applied.has(name));
    for (const migration of missing) await connection.exec(scriptOf(migration));
    return missing.map(({ name }) => name);
  } finally {
    await connection.query(`SELECT pg_advisory_unlock(${PRISMA_LOCK})`).catch(() => {});
  }
}

function scriptOf({ name, sql, checksum }: Migration): string {
  const values = [randomUUID(), checksum, name].map((text) => `'${text}'`).join(", ");
  return `BEGIN;
${sql}
;INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "finished_at", "applied_steps_count")
VALUES (${values}, now(), 1);
COMMIT;`;
}

function refuseForeign(applied: Map<string, string>, migrations: Migration[]): void {
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  for (const [name, checksum] of applied) {
    if (!known.has(name)) {
      throw new AppError(
        "conflict",
        `the database was written by a newer Tiller (migration ${name}): update Tiller, or use another TILLER_HOME`,
      );
    }
    if (known.get(name) !== checksum) {
      throw new AppError(
        "conflict",
        `migration ${name} differs from the one this database was made with: restore prisma/migrations/${name}/migration.sql`,
      );
    }
  }
}
