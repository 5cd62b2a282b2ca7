import type { PrismaClient } from "../generated/client.ts";

/** Settings of this installation by name; a secret one is for the server's own use only. */
export interface SettingsRepository {
  /** For the server's use: holds secrets. */
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown, options?: { secret: boolean }): Promise<void>;
  remove(key: string): Promise<void>;
  /** What a client may see: of a secret only that it is set. */
  describe(prefix: string): Promise<{ key: string; value: unknown; secret: boolean; updatedAt: Date }[]>;
}

export function createSettingsRepository(prisma: PrismaClient, now: () => Date): SettingsRepository {
  return {
    async get(key) {
      const row = await prisma.setting.findUnique({ where: { key } });
      return row ? (JSON.parse(row.value) as unknown) : undefined;
    },
    async put(key, value, options) {
      const fields = { value: JSON.stringify(value), secret: options?.secret ?? false, updatedAt: now() };
      await prisma.setting.upsert({ where: { key }, create: { key, ...fields }, update: fields });
    },
    async remove(key) {
      await prisma.setting.deleteMany({ where: { key } });
    },
    async describe(prefix) {
      const rows = await prisma.setting.findMany({
        where: { key: { startsWith: prefix } },
        orderBy: { key: "asc" },
      });
      return rows.map(({ key, value, secret, updatedAt }) => ({
        key,
        value: secret ? null : (JSON.parse(value) as unknown),
        secret,
        updatedAt,
      }));
    },
  };
}
