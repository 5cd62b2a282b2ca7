import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import type { SettingsRepository } from "../database/settings.ts";
import type { Log } from "../log.ts";

const PREFIX = "api-token:";
const digest = (token: string) => createHash("sha256").update(token).digest();
const storedSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** A token by its name; the token itself is told once, when it is made. */
export interface TokenInfo {
  name: string;
  created_at: string;
}

/**
 * Who may ask the OpenAI-compatible endpoint: Tiller's own pages, and whoever sends a token that was made here or that
 * `TILLER_API_TOKEN` holds. Only hashes are kept.
 */
export class EndpointAccess {
  readonly #settings: SettingsRepository;
  readonly #environment: string | undefined;
  readonly #log: Pick<Log, "hide">;

  constructor(settings: SettingsRepository, env: Record<string, string | undefined>, log: Pick<Log, "hide">) {
    this.#settings = settings;
    this.#environment = env.TILLER_API_TOKEN || undefined;
    this.#log = log;
    if (this.#environment) log.hide(this.#environment);
  }

  /** @returns the new token. Throws `conflict` for a name that is taken. */
  async create(name: string): Promise<string> {
    const key = PREFIX + name;
    if ((await this.#settings.get(key)) !== undefined)
      throw new AppError(
        "conflict",
        `there is a token called ${name}: remove it first, or choose another name`,
      );
    const token = `tiller_${randomBytes(24).toString("base64url")}`;
    this.#log.hide(token);
    await this.#settings.put(key, digest(token).toString("hex"), { secret: true });
    return token;
  }

  async list(): Promise<TokenInfo[]> {
    return (await this.#settings.describe(PREFIX)).map(({ key, updatedAt }) => ({
      name: key.slice(PREFIX.length),
      created_at: updatedAt.toISOString(),
    }));
  }

  remove(name: string): Promise<void> {
    return this.#settings.remove(PREFIX + name);
  }

  /** Throws `forbidden`: no token, or an unknown one. */
  async check(headers: Pick<Headers, "get">): Promise<void> {
    if (headers.get("sec-fetch-site") === "same-origin") return;
    const token = /^Bearer (\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
    if (token === undefined) {
      throw new AppError(
        "forbidden",
        "send a token as API key: make one on the page Steer under Endpoint, or set TILLER_API_TOKEN before the start",
      );
    }
    const given = digest(token);
    for (const known of await this.#known()) if (timingSafeEqual(known, given)) return;
    throw new AppError("forbidden", "this API token is not known here: make a new one on the page Steer");
  }

  async #known(): Promise<Buffer[]> {
    const names = (await this.#settings.describe(PREFIX)).map(({ key }) => key);
    const stored = await Promise.all(names.map((key) => this.#settings.get(key)));
    const known = stored.map((value) => Buffer.from(storedSchema.parse(value), "hex"));
    return this.#environment ? [...known, digest(this.#environment)] : known;
  }
}
