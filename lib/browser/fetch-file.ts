import { AppError, errorJsonSchema } from "#lib/core/errors.ts";

/**
 * An answer with content, of a kind that a model's file can be.
 * @throws AppError `model-load` (no answer; may succeed later), `not-found`, `invalid-file` (a web page came instead)
 */
export async function fetchFile(address: string, init: RequestInit = {}): Promise<Response> {
  const { host, pathname } = new URL(address);
  let response: Response;
  try {
    response = await fetch(address, { ...init, credentials: "same-origin" });
  } catch (cause) {
    if (init.signal?.aborted) throw AppError.from(cause);
    throw unreachable(address, cause);
  }
  if (!response.ok) throw await refusal(response, `${host}${pathname}`);
  if (/^text\/html\b/i.test(response.headers.get("content-type") ?? "")) {
    await response.body?.cancel();
    throw new AppError(
      "invalid-file",
      `${host}${pathname} is a web page and no model file: a login page or a proxy may stand in between`,
    );
  }
  return response;
}

/** The JSON at an address. Throws what `fetchFile` throws. */
export async function fetchJson(address: string): Promise<unknown> {
  const response = await fetchFile(address);
  try {
    return await response.json();
  } catch (cause) {
    throw new AppError("invalid-file", `${address} is not JSON`, { cause });
  }
}

/** What to say when a connection fails or breaks off. */
export function unreachable(address: string, cause: unknown): AppError {
  return new AppError(
    "model-load",
    `${new URL(address).host} does not answer or broke off: what has arrived is kept, try again when it does`,
    { retryable: true, cause },
  );
}

async function refusal(response: Response, what: string): Promise<AppError> {
  const body: unknown = await response.json().catch(() => null);
  const known = errorJsonSchema.safeParse(
    body !== null && typeof body === "object" && "error" in body ? body.error : null,
  );
  if (known.success) return AppError.fromJSON(known.data);
  if (response.status === 404) return new AppError("not-found", `there is no ${what}`);
  if (response.status === 401 || response.status === 403) {
    return new AppError("forbidden", `${what} is not open to everyone: install the model on the server`);
  }
  return new AppError("model-load", `${what} answered ${response.status}`, {
    retryable: response.status >= 500 || response.status === 429,
  });
}
