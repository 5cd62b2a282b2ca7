import type { Ledger } from "#lib/pipeline/ports.ts";
import type { PrismaClient } from "../generated/client.ts";

/** Finished items in the table `item`; values are kept as the JSON text that was written. */
export function createLedger(prisma: PrismaClient, now: () => Date): Ledger {
  return {
    async finished(keys) {
      if (keys.length === 0) return new Map();
      const rows = await prisma.$queryRaw<{ key: string; value: string }[]>`
        SELECT "key", "value" FROM "item" WHERE "key" = ANY(${keys}::text[])`;
      return new Map(rows.map(({ key, value }) => [key, JSON.parse(value) as unknown]));
    },
    // One statement: all entries or none, and no interactive transaction that the queue would have to wait for.
    async record(entries) {
      if (entries.length === 0) return;
      const keys = entries.map(({ key }) => key);
      const kinds = entries.map(({ kind }) => kind);
      const values = entries.map(({ value }) => JSON.stringify(value ?? null));
      await prisma.$executeRaw`
        INSERT INTO "item" ("key", "kind", "value", "created_at")
        SELECT "key", "kind", "value", ${now()}::timestamptz
        FROM unnest(${keys}::text[], ${kinds}::text[], ${values}::text[]) AS entry ("key", "kind", "value")
        ON CONFLICT ("key") DO NOTHING`;
    },
  };
}
