import { type Judgement, type JudgementCache, judgementSchema } from "#lib/judge/contract.ts";
import type { PrismaClient } from "../generated/client.ts";
import { groupCommit } from "./group-commit.ts";

/** The judge cache in the table `judgement`. A row this version cannot read counts as not there. */
export function createJudgementCache(prisma: PrismaClient, now: () => Date): JudgementCache {
  // A judge puts its judgements one by one, dozens at a time.
  const put = groupCommit(async (entries: { key: string; judgement: Judgement }[]) => {
    // A statement may touch a row once only.
    const unique = new Map(entries.map(({ key, judgement }) => [key, JSON.stringify(judgement)]));
    await prisma.$executeRaw`
      INSERT INTO "judgement" ("key", "value", "created_at")
      SELECT "key", "value", ${now()}::timestamptz
      FROM unnest(${[...unique.keys()]}::text[], ${[...unique.values()]}::text[]) AS entry ("key", "value")
      ON CONFLICT ("key") DO UPDATE SET "value" = EXCLUDED."value", "created_at" = EXCLUDED."created_at"`;
  });
  return {
    put: async (entries) => {
      if (entries.length > 0) await put(entries);
    },
    async get(keys) {
      if (keys.length === 0) return new Map();
      const rows = await prisma.$queryRaw<{ key: string; value: string }[]>`
        SELECT "key", "value" FROM "judgement" WHERE "key" = ANY(${keys}::text[])`;
      return new Map(
        rows.flatMap(({ key, value }) => {
          const parsed = judgementSchema.safeParse(JSON.parse(value));
          return parsed.success ? [[key, parsed.data] as const] : [];
        }),
      );
    },
  };
}
