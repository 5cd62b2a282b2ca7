import { APIConnectionTimeoutError, APIError } from "openai";
import { AppError, type ErrorCode } from "#lib/core/errors.ts";
import type { ErrorScope } from "./errors.ts";

/** How an endpoint is named in errors, and what must never be in them. */
export interface EndpointLabel {
  /** Address without user, password, query and fragment. */
  address: string;
  model: string;
  /** Empty where none is set. */
  apiKey: string;
  timeoutMs: number;
  role: EndpointRole;
}

/** What an endpoint is asked to do: its errors say so, and what to use instead. */
export type EndpointRole = "judge" | "writer" | "teacher";

const byName = { of: "let an installed model write", check: "check the address and the model's name" };
const instead: Record<EndpointRole, { of: string; check: string }> = {
  judge: { of: "use the built-in judge", check: "check --judge and --judge-model" },
  writer: { ...byName, of: "let an installed instruct model write" },
  teacher: byName,
};

interface Meaning {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  scope: ErrorScope;
  /** Another model of the same provider may serve. */
  otherModel?: true;
}

const retryableStatus = (status: number) =>
  status === 408 || status === 409 || status === 429 || status >= 500;
/** OpenAI answers 429 with these when money is missing: waiting does not help. */
const quotaCodes = ["insufficient_quota", "billing_hard_limit_reached"];
/** Enough of a server's own words to act on. */
const quotedCharacters = 300;

/**
 * What a failed request means for the run. The key is cut out of what the server says, and the library's error (which
 * holds headers) is not kept as the cause. @param now milliseconds, for a Retry-After that is a date
 */
export function fromOpenAiError(error: unknown, endpoint: EndpointLabel, now: number): AppError {
  if (error instanceof AppError) return error;
  const status = error instanceof APIError && typeof error.status === "number" ? error.status : undefined;
  const meaning =
    status === undefined ? meaningOfSilence(error, endpoint) : meaningOf(error, status, endpoint);
  const retryAfterMs =
    error instanceof APIError ? parseRetryAfter(error.headers ?? undefined, now) : undefined;
  return new AppError(meaning.code, meaning.message, {
    retryable: meaning.retryable,
    details: {
      scope: meaning.scope,
      ...(meaning.otherModel && { otherModel: true }),
      endpoint: endpoint.address,
      ...(status !== undefined && { status }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
  });
}

function meaningOfSilence(error: unknown, { address, timeoutMs, role }: EndpointLabel): Meaning {
  const unreachable = { code: "judge-unreachable" as const, retryable: true, scope: "item" as const };
  if (error instanceof APIConnectionTimeoutError) {
    return {
      ...unreachable,
      message: `the ${role} at ${address} did not answer within ${timeoutMs / 1000} s`,
    };
  }
  if (error instanceof SyntaxError) return malformed({ address, role }, "broken JSON");
  return {
    ...unreachable,
    message: `the ${role} at ${address} cannot be reached (${causeOf(error)}): check that the server runs and the address is right`,
  };
}

function meaningOf(error: unknown, status: number, { address, model, apiKey, role }: EndpointLabel): Meaning {
  // The key is cut out before the text is cut off: no half of it may stay.
  const said = error instanceof Error ? redact(error.message, apiKey).slice(0, quotedCharacters) : "";
  const type = error instanceof APIError ? (error.code ?? error.type ?? "") : "";
  const rejected = { code: "judge-rejected" as const, retryable: false };
  // 403 with a key may be moderation: this text only. The server's words on 401 are left out: some repeat parts of the key.
  if ((status === 401 || status === 403) && apiKey === "") {
    return {
      code: "judge-key-missing",
      message: keyMissingMessage({ address, role }),
      retryable: false,
      scope: "run",
    };
  }
  if (status === 401) {
    const message = `the ${role} at ${address} refuses the key (401): check TILLER_JUDGE_KEY`;
    return { ...rejected, scope: "run", message };
  }
  if (status === 402 || quotaCodes.includes(type)) {
    return {
      ...rejected,
      scope: "run",
      otherModel: true,
      message: `the ${role} at ${address} asks for payment, check the account: ${said}`,
    };
  }
  if (status === 404) {
    return {
      ...rejected,
      scope: "run",
      otherModel: true,
      message: `the ${role} at ${address} knows no model ${model}, or the address is wrong (it usually ends in /v1); ${instead[role].check}: ${said}`,
    };
  }
  if (retryableStatus(status)) {
    return {
      code: "judge-unreachable",
      retryable: true,
      scope: "item",
      message: `the ${role} at ${address} ${status === 429 ? "is asked too often" : "has a fault of its own"}: ${said}`,
    };
  }
  return { ...rejected, scope: "item", message: `the ${role} at ${address} refused the request: ${said}` };
}

type Named = Pick<EndpointLabel, "address" | "role">;

function keyMissingMessage({ address, role }: Named): string {
  return `the ${role} at ${address} needs a key: set TILLER_JUDGE_KEY (or OPENAI_API_KEY) where the server runs, or ${instead[role].of}`;
}

/** For an endpoint that is known to ask for a key. */
export function keyMissing({ address, role }: Named): AppError {
  return new AppError("judge-key-missing", keyMissingMessage({ address, role }), {
    details: { scope: "run", endpoint: address },
  });
}

/** A 2xx answer that is no chat completion: a proxy's page now and then (worth a retry), or the wrong address. */
function malformed({ address, role }: Named, what: string): Meaning {
  return {
    code: "judge-unparsable",
    retryable: true,
    scope: "item",
    message: `the ${role} at ${address} answered with ${what} instead of a chat completion: check the address (it usually ends in /v1)`,
  };
}

export function notACompletion(endpoint: Named, what: string): AppError {
  const { code, message, retryable, scope } = malformed(endpoint, what);
  return new AppError(code, message, { retryable, details: { scope, endpoint: endpoint.address } });
}

/** The innermost system error of a failed fetch, such as `ECONNREFUSED`. */
function causeOf(error: unknown): string {
  let found = "no connection";
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string") found = at.code;
  }
  return found;
}

/** Milliseconds from `retry-after-ms` or `retry-after` (seconds or an HTTP date); undefined where there is none. */
export function parseRetryAfter(headers: Headers | undefined, now: number): number | undefined {
  const ms = Number.parseFloat(headers?.get("retry-after-ms") ?? "");
  if (ms >= 0) return ms;
  const value = headers?.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function redact(text: string, apiKey: string): string {
  return apiKey === "" ? text : text.replaceAll(apiKey, "[key]");
}
