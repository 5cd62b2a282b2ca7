import type { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { errorResponseSchema } from "#lib/pipeline/api.ts";

export interface RequestOptions {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON; bytes and blobs are sent as they are. */
  body?: unknown;
  signal?: AbortSignal;
  /** The request outlives the page. */
  keepalive?: boolean;
}

/**
 * One call of Tiller's own HTTP surface. @returns the answer as `schema` reads it.
 * Throws AppError: the server's own where it sent one.
 */
export async function request<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  options: RequestOptions = {},
): Promise<z.output<Schema>> {
  return schema.parse(await (await send(path, options)).json().catch(() => null));
}

/** One call whose answer is bytes. Throws as `request` does. */
export async function requestBytes(path: string, options: RequestOptions): Promise<Uint8Array> {
  return new Uint8Array(await (await send(path, options)).arrayBuffer());
}

/** One call whose answer comes piece by piece. Throws as `request` does. */
export async function requestStream(
  path: string,
  options: RequestOptions,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const { body } = await send(path, options);
  if (body) return body;
  throw new AppError("internal", `${path} answered with nothing`);
}

async function send(path: string, options: RequestOptions): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: options.method ?? "GET",
      signal: options.signal ?? null,
      keepalive: options.keepalive ?? false,
      ...bodyOf(options.body),
    });
  } catch (cause) {
    if (options.signal?.aborted) throw AppError.from(cause);
    throw new AppError("internal", `no answer from ${path}`, {
      userMessage: "Tiller's server does not answer: is `npm start` still running?",
      retryable: true,
      cause,
    });
  }
  if (response.ok) return response;
  const known = errorResponseSchema.safeParse(await response.json().catch(() => null));
  if (known.success) throw AppError.fromJSON(known.data.error);
  throw new AppError("internal", `${path} answered ${response.status}`);
}

function bodyOf(body: unknown): RequestInit {
  if (body === undefined) return {};
  if (body instanceof Uint8Array || body instanceof Blob)
    return {
      body: body as Uint8Array<ArrayBuffer> | Blob,
      headers: { "content-type": "application/octet-stream" },
    };
  return { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}

/** The line of an error that is meant for the person. */
export function messageOf(error: unknown): string {
  return AppError.from(error).userMessage;
}
