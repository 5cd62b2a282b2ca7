import { mkdirSync } from "node:fs";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { AppError } from "#lib/core/errors.ts";
import { PrismaClient } from "../generated/client.ts";
import { workFolder } from "../paths.ts";
import { lockHome } from "./lock.ts";
import { applyMigrations, type ScriptConnection } from "./migrations.ts";

/** What the queue runs on: the embedded instance, or a server's address. */
export type QueueConnection = { pglite: PGlite } | { connectionString: string };

export interface Database {
  /** For the repositories of this folder only. */
  prisma: PrismaClient;
  queue: QueueConnection;
  /** True when the database runs inside this process and no other may open it. */
  embedded: boolean;
  /** Tells other processes where this one serves; nothing to tell on a PostgreSQL server. */
  announce(url: string): void;
  close(): Promise<void>;
}

export interface OpenOptions {
  home: string;
  /** Folder of `NAME/migration.sql`. */
  migrations: string;
  /** Who opens it, in a person's words; shown to whoever finds it locked. */
  command: string;
  /** A PostgreSQL server instead of the embedded database. */
  databaseUrl?: string;
}

/**
 * Opens the database and applies its migrations. Embedded: `<home>/.tiller/db`, locked for this process.
 * Throws AppError `locked` (another process has it), `conflict` (a newer Tiller wrote it), `invalid-input` (no such server).
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  return options.databaseUrl ? openServer(options, options.databaseUrl) : openEmbedded(options);
}

async function openEmbedded({ home, migrations, command }: OpenOptions): Promise<Database> {
  const folder = workFolder(home);
  const lock = lockHome(folder, command);
  let pglite: PGlite | undefined;
  try {
    const dataDir = path.join(folder, "db");
    mkdirSync(dataDir, { recursive: true });
    const instance = await PGlite.create({ dataDir });
    pglite = instance;
    const connection: ScriptConnection = {
      exec: async (sql) => void (await instance.exec(sql)),
      query: async (sql) => (await instance.query<Record<string, unknown>>(sql)).rows,
    };
    await applyMigrations(connection, migrations);
    const prisma = new PrismaClient({ adapter: new PrismaPGlite(instance) });
    return {
      prisma,
      queue: { pglite: instance },
      embedded: true,
      announce: lock.announce,
      close: once(async () => {
        await prisma.$disconnect();
        await instance.close();
        lock.release();
      }),
    };
  } catch (error) {
    await pglite?.close();
    lock.release();
    throw error;
  }
}

async function openServer({ migrations }: OpenOptions, connectionString: string): Promise<Database> {
  const client = new pg.Client({ connectionString });
  try {
    await client.connect();
  } catch (error) {
    throw new AppError(
      "invalid-input",
      `DATABASE_URL: ${reasonOf(error)}; check address, user and password`,
      {
        retryable: true,
        cause: error,
      },
    );
  }
  try {
    await applyMigrations(
      {
        exec: async (sql) => void (await client.query(sql)),
        query: async (sql) => (await client.query<Record<string, unknown>>(sql)).rows,
      },
      migrations,
    );
  } finally {
    await client.end();
  }
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString }) });
  return {
    prisma,
    queue: { connectionString },
    embedded: false,
    announce: () => {},
    close: once(() => prisma.$disconnect()),
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

/** An AggregateError of several tried addresses has an empty message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message : String(error);
}
