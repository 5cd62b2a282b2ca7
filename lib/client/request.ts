import type { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { errorResponseSchema } from "#lib/pipeline/api.ts";

/**
 * One call of Tiller's own HTTP surface. @returns the answer as `schema` reads it.
 * Throws AppError: the server's own where it sent one.
 */
export async function request<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  init: { method?: "GET" | "POST" | "PUT"; body?: unknown; signal?: AbortSignal } = {},
): Promise<z.output<Schema>> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: init.method ?? "GET",
      signal: init.signal ?? null,
      ...(init.body === undefined
        ? {}
        : { body: JSON.stringify(init.body), headers: { "content-type": "application/json" } }),
    });
  } catch (cause) {
    throw new AppError("internal", `no answer from ${path}`, {
      userMessage: "Tiller's server does not answer: is `npm start` still running?",
      retryable: true,
      cause,
    });
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const known = errorResponseSchema.safeParse(body);
    if (known.success) throw AppError.fromJSON(known.data.error);
    throw new AppError("internal", `${path} answered ${response.status}`);
  }
  return schema.parse(body);
}

/** The line of an error that is meant for the person. */
export function messageOf(error: unknown): string {
  return AppError.from(error).userMessage;
}
