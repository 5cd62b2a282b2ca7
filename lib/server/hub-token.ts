import { z } from "zod";
import type { SettingsRepository } from "./database/settings.ts";
import type { Log } from "./log.ts";

/** The token for the Hugging Face Hub: a write-only setting, else the environment's HF_TOKEN. It goes to the Hub alone. */
export interface HubToken {
  /** Undefined: the Hub is asked without one. */
  token(): Promise<string | undefined>;
  /** Null removes it. */
  set(token: string | null): Promise<void>;
  /** Where it comes from; never the token. Null: there is none. */
  describe(): Promise<{ source: "settings" | "environment"; updated_at: string | null } | null>;
}

const KEY = "hub-token";

export function createHubToken(
  settings: SettingsRepository,
  env: Record<string, string | undefined>,
  log: Pick<Log, "hide">,
): HubToken {
  const given = env.HF_TOKEN?.trim() || undefined;
  if (given !== undefined) log.hide(given);
  return {
    async token() {
      const stored = z
        .string()
        .optional()
        .parse(await settings.get(KEY));
      if (stored !== undefined) log.hide(stored);
      return stored ?? given;
    },
    async set(token) {
      if (token === null) return settings.remove(KEY);
      log.hide(token);
      await settings.put(KEY, token, { secret: true });
    },
    async describe() {
      const stored = (await settings.describe(KEY)).find(({ key }) => key === KEY);
      if (stored) return { source: "settings", updated_at: stored.updatedAt.toISOString() };
      return given === undefined ? null : { source: "environment", updated_at: null };
    },
  };
}
