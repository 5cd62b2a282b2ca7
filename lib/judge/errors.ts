import { AppError } from "#lib/core/errors.ts";

/** Whose fault a failed call is: `item` only this request's, `run` every further request would fail as well. */
export type ErrorScope = "item" | "run";

/** True where going on with other items is pointless: a refusing endpoint, a missing key, an abort, a fault of our own. */
export function stopsRun(error: AppError): boolean {
  if (error.details?.scope === "run") return true;
  return !["judge-unreachable", "judge-rejected", "judge-unparsable", "invalid-input"].includes(error.code);
}

/** True where another model of the same provider may serve: this one is not there, or asks for payment. */
export function mayServeElsewhere(error: AppError): boolean {
  return error.details?.otherModel === true;
}

/** What the server asked us to wait, in milliseconds. */
export function retryAfterOf(error: AppError): number | undefined {
  const value = error.details?.retryAfterMs;
  return typeof value === "number" ? value : undefined;
}

/** The judge answered, but not with something a score can be read from. */
export function unparsable(message: string, details: Record<string, unknown> = {}): AppError {
  return new AppError("judge-unparsable", message, { details: { scope: "item", ...details } });
}
