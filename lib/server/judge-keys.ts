import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { openRouterUrl } from "#lib/teacher/settings.ts";
import type { SettingsRepository } from "./database/settings.ts";
import type { Log } from "./log.ts";

/** Where an endpoint's key comes from; never the key. */
export interface JudgeKeyInfo {
  /** Origin such as `https://api.openai.com`, or `any` for an environment key without an address. */
  endpoint: string;
  source: "environment" | "settings";
  /** The environment variable. */
  variable?: string;
  updated_at: string | null;
}

/** Judge keys: write-only settings by origin, else the environment. They leave the server only towards the judge. */
export interface JudgeKeys {
  /** The key for a judge's base URL; undefined: the endpoint is asked without one. Throws `usage` for no http(s) URL. */
  keyFor(baseUrl: string): Promise<string | undefined>;
  /** Null removes it. */
  setKey(baseUrl: string, key: string | null): Promise<void>;
  describe(): Promise<JudgeKeyInfo[]>;
}

const PREFIX = "judge-key:";
const OPENAI = "https://api.openai.com";

/**
 * @param env `TILLER_JUDGE_KEY` is for the judge at `TILLER_JUDGE_URL`, or for any judge where that is not set;
 * `OPENAI_API_KEY` only ever goes to api.openai.com, `OPENROUTER_API_KEY` to openrouter.ai
 */
export function createJudgeKeys(
  settings: SettingsRepository,
  env: Record<string, string | undefined>,
  log: Pick<Log, "hide">,
): JudgeKeys {
  const variables = environmentKeys(env);
  for (const { key } of variables) log.hide(key);
  return {
    async keyFor(baseUrl) {
      const origin = originOf(baseUrl);
      const stored = z
        .string()
        .optional()
        .parse(await settings.get(PREFIX + origin));
      if (stored !== undefined) log.hide(stored);
      return stored ?? variables.find(({ endpoint }) => endpoint === origin || endpoint === "any")?.key;
    },
    async setKey(baseUrl, key) {
      const name = PREFIX + originOf(baseUrl);
      if (key === null) return settings.remove(name);
      log.hide(key);
      await settings.put(name, key, { secret: true });
    },
    async describe() {
      const stored = (await settings.describe(PREFIX)).map(({ key, updatedAt }) => ({
        endpoint: key.slice(PREFIX.length),
        source: "settings" as const,
        updated_at: updatedAt.toISOString(),
      }));
      const given = variables.map(({ endpoint, variable }) => ({
        endpoint,
        source: "environment" as const,
        variable,
        updated_at: null,
      }));
      return [...stored, ...given];
    },
  };
}

function environmentKeys({
  TILLER_JUDGE_KEY,
  TILLER_JUDGE_URL,
  OPENAI_API_KEY,
  OPENROUTER_API_KEY,
}: Record<string, string | undefined>) {
  const keys: { key: string; endpoint: string; variable: string }[] = [];
  if (TILLER_JUDGE_KEY) {
    const endpoint = TILLER_JUDGE_URL ? originOf(TILLER_JUDGE_URL) : "any";
    keys.push({ key: TILLER_JUDGE_KEY, endpoint, variable: "TILLER_JUDGE_KEY" });
  }
  if (OPENAI_API_KEY) keys.push({ key: OPENAI_API_KEY, endpoint: OPENAI, variable: "OPENAI_API_KEY" });
  if (OPENROUTER_API_KEY) {
    const endpoint = new URL(openRouterUrl).origin;
    keys.push({ key: OPENROUTER_API_KEY, endpoint, variable: "OPENROUTER_API_KEY" });
  }
  // The most particular first: a key for this very origin before one for any.
  return keys.sort((a, b) => Number(a.endpoint === "any") - Number(b.endpoint === "any"));
}

function originOf(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (url && (url.protocol === "https:" || url.protocol === "http:")) return url.origin;
  throw new AppError(
    "usage",
    `endpoint ${JSON.stringify(baseUrl)} is no address: write builtin or a base URL such as https://api.openai.com/v1`,
  );
}
