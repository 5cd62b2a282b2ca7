import type { AsyncBuffer } from "hyparquet";
import type { z } from "zod";
import { AppError, throwIfAborted } from "#lib/core/errors.ts";
import type { JudgePorts } from "#lib/judge/contract.ts";
import { createLimiter, type Limiter } from "#lib/judge/limiter.ts";
import { parseRetryAfter } from "#lib/judge/openai-errors.ts";
import { withRetries } from "#lib/judge/retry.ts";

export interface HubOptions {
  /** `https://huggingface.co`, or a mirror (HF_ENDPOINT). */
  endpoint: string;
  token: string | undefined;
  ports: JudgePorts;
  signal?: AbortSignal | undefined;
}

const MOST_REDIRECTS = 8;
const MOST_ATTEMPTS = 5;
const AT_ONCE = 4;
const TIMEOUT_MS = 60_000;

/** The Hub over HTTP. The token is sent to the endpoint alone: a redirect to another host goes without. */
export class HubClient {
  readonly #options: HubOptions;
  readonly #limiter: Limiter;
  readonly #origin: string;

  /** Throws `usage` for an endpoint that is no address. */
  constructor(options: HubOptions) {
    if (!/^https?:$/.test(URL.canParse(options.endpoint) ? new URL(options.endpoint).protocol : "")) {
      throw new AppError("usage", `HF_ENDPOINT ${JSON.stringify(options.endpoint)} is no http address`);
    }
    this.#options = options;
    this.#origin = new URL(options.endpoint).origin;
    this.#limiter = createLimiter(AT_ONCE, undefined, options.ports);
  }

  /** The host, as errors name it. */
  get host(): string {
    return new URL(this.#origin).host;
  }

  url(path: string): string {
    return `${this.#options.endpoint.replace(/\/+$/, "")}${path}`;
  }

  /** @param what what errors call it: `dataset allenai/soda`. Throws `not-found`, `forbidden`, `invalid-file`. */
  async json<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    what: string,
  ): Promise<z.output<Schema>> {
    const { text } = await this.#get(this.url(path), {}, what, async (response) => ({
      text: await response.text(),
    }));
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      throw new AppError(
        "invalid-file",
        `${this.host} answered something else than was expected of ${what}`,
        { cause },
      );
    }
  }

  async text(url: string, what: string): Promise<string> {
    return this.#get(url, {}, what, (response) => response.text());
  }

  /** A file that is read in parts; the place that the Hub redirects to is asked for them until it refuses. */
  async file(url: string, what: string): Promise<AsyncBuffer> {
    let place = url;
    const range = async (start: number, end: number) => {
      const headers = { range: `bytes=${start}-${end - 1}` };
      const read = (response: Response, at: string) => partOf(response, start, end, at);
      try {
        const part = await this.#get(place, headers, what, read);
        place = part.place;
        return part;
      } catch (error) {
        // A signed address is good for a while only.
        if (place === url || AppError.from(error).code !== "forbidden") throw error;
        place = url;
        return this.#get(url, headers, what, read);
      }
    };
    const { total } = await range(0, 1);
    if (total === null) throw broken(what, `${this.host} does not tell its size`);
    return {
      byteLength: total,
      async slice(start, end = total) {
        if (start >= end) return new ArrayBuffer(0);
        const { bytes } = await range(start, Math.min(end, total));
        if (bytes.byteLength !== Math.min(end, total) - start)
          throw broken(what, "a part of it did not come whole");
        return bytes;
      },
    };
  }

  #get<T>(
    url: string,
    headers: Record<string, string>,
    what: string,
    read: (response: Response, place: string) => Promise<T>,
  ): Promise<T> {
    const { ports, signal } = this.#options;
    const attempt = async () => {
      const [response, place] = await this.#follow(url, headers, what);
      try {
        return await read(response, place);
      } catch (error) {
        if (error instanceof AppError) throw error;
        throw this.#unreachable(error);
      }
    };
    return this.#limiter.run(() =>
      withRetries(attempt, { limiter: this.#limiter, ports, signal, maxAttempts: MOST_ATTEMPTS }),
    );
  }

  async #follow(url: string, headers: Record<string, string>, what: string): Promise<[Response, string]> {
    const { token, signal } = this.#options;
    let place = url;
    for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
      const own = new URL(place).origin === this.#origin;
      const deadline = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(place, {
        headers: { ...headers, ...(own && token !== undefined && { authorization: `Bearer ${token}` }) },
        redirect: "manual",
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      }).catch((error: unknown) => {
        throwIfAborted(signal);
        throw this.#unreachable(error);
      });
      const next = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || next === null) {
        if (response.ok) return [response, place];
        await response.body?.cancel();
        throw this.#refusal(response, what);
      }
      await response.body?.cancel();
      place = new URL(next, place).href;
    }
    throw broken(what, "it is redirected without end");
  }

  #refusal(response: Response, what: string): AppError {
    const { status } = response;
    const { ports, token } = this.#options;
    if (status === 401 || status === 403) {
      const how =
        token === undefined
          ? "set HF_TOKEN, or the Hub token in the settings"
          : "the token that is set may not read it: accept its terms on the Hub, or use another token";
      return new AppError("forbidden", `${what} needs permission (${this.host} answers ${status}): ${how}`);
    }
    if (status === 404) {
      return new AppError("not-found", `${this.host} has no ${what}, or it is private (then set HF_TOKEN)`);
    }
    const retryable = status === 429 || status >= 500;
    const retryAfterMs = parseRetryAfter(response.headers, ports.now());
    return new AppError(
      "not-found",
      `${what}: ${this.host} answers ${status}${retryable ? ", again and again" : ""}`,
      {
        retryable,
        details: { status, ...(retryAfterMs !== undefined && { retryAfterMs }) },
      },
    );
  }

  #unreachable(cause: unknown): AppError {
    return new AppError(
      "not-found",
      `${this.host} cannot be reached: connect to the internet, set HF_ENDPOINT, or use a local file or the bundled scenarios`,
      { retryable: true, cause },
    );
  }
}

/** @param end exclusive */
async function partOf(response: Response, start: number, end: number, place: string) {
  const whole = await response.arrayBuffer();
  if (response.status !== 206) {
    return { bytes: whole.slice(start, end), total: whole.byteLength, place };
  }
  const total = /\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
  return { bytes: whole, total: total === undefined ? null : Number(total), place };
}

function broken(what: string, why: string): AppError {
  return new AppError("invalid-file", `${what} cannot be read: ${why}`);
}
