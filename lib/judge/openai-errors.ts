import OpenAI from "openai";
import { AppError } from "#lib/core/errors.ts";

interface Where {
  endpoint: string;
  model: string;
  apiKey: string | undefined;
}

/** What the openai package throws, as an AppError: whether the same call may succeed later, and whose fault it is. */
export function errorOf(thrown: unknown, where: Where): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof OpenAI.APIUserAbortError) return new AppError("aborted", "the work was stopped");
  const { endpoint, model, apiKey } = where;
  const said = withoutKey(thrown instanceof Error ? thrown.message : String(thrown), apiKey);
  if (thrown instanceof OpenAI.APIConnectionTimeoutError) {
    return unreachable(`the judge at ${endpoint} did not answer in time`, {});
  }
  if (thrown instanceof OpenAI.APIConnectionError) {
    return unreachable(
      `the judge at ${endpoint} cannot be reached: is it running, and is the address right?`,
      {
        reason: withoutKey(causeOf(thrown), apiKey),
      },
    );
  }
  if (!(thrown instanceof OpenAI.APIError) || thrown.status === undefined) {
    // A body that is not JSON, cut off, or of another shape: another attempt may bring a whole one.
    return new AppError("judge-unparsable", `the judge at ${endpoint} sent something unreadable (${said})`, {
      retryable: true,
      details: { scope: "item" },
    });
  }
  const { status } = thrown;
  if (status === 429 || status === 408 || status === 409 || status >= 500) {
    const retryAfterMs = retryAfter(thrown.headers);
    return unreachable(`the judge at ${endpoint} answers ${status} (${said})`, {
      status,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  return refusal(status, said, endpoint, model, apiKey);
}

/** @param endpoint the address, or its host */
export function keyMissing(endpoint: string, details: Record<string, unknown>): AppError {
  return new AppError(
    "judge-key-missing",
    `the judge at ${endpoint} needs a key: set TILLER_JUDGE_KEY (or OPENAI_API_KEY) where the server runs`,
    { details: { scope: "run", ...details } },
  );
}

function refusal(
  status: number,
  said: string,
  endpoint: string,
  model: string,
  apiKey: string | undefined,
): AppError {
  const run = { details: { scope: "run", status } };
  if (status === 401 && !apiKey) {
    return keyMissing(endpoint, { status });
  }
  if (status === 401 || status === 403) {
    return new AppError(
      "judge-rejected",
      `the judge at ${endpoint} refuses the key (${status}): check TILLER_JUDGE_KEY`,
      run,
    );
  }
  if (status === 402) {
    return new AppError(
      "judge-rejected",
      `the judge at ${endpoint} asks for payment (402): check the account`,
      run,
    );
  }
  if (status === 404) {
    return new AppError(
      "judge-rejected",
      `the judge at ${endpoint} knows no model ${model}, or the address is wrong (404): check --judge and --judge-model`,
      run,
    );
  }
  return new AppError("judge-rejected", `the judge at ${endpoint} refuses this request (${said})`, {
    details: { scope: "item", status },
  });
}

function unreachable(message: string, details: Record<string, unknown>): AppError {
  return new AppError("judge-unreachable", message, {
    retryable: true,
    details: { scope: "item", ...details },
  });
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Servers like to repeat the key they refuse. */
function withoutKey(text: string, apiKey: string | undefined): string {
  return apiKey ? text.replaceAll(apiKey, "…") : text;
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date, in milliseconds from now. */
function retryAfter(headers: Headers | undefined): number | undefined {
  const exact = Number(headers?.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(exact)) return Math.max(0, exact);
  const text = headers?.get("retry-after");
  if (!text) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
