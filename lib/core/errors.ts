import { z } from "zod";

/** Every way a request can fail, in the field's or the product's words. Boundaries carry the code, never a bare string. */
export const errorCodes = [
  "usage",
  "not-found",
  "invalid-input",
  "invalid-file",
  "conflict",
  "locked",
  "forbidden",
  "model-load",
  "model-unsupported",
  "instrument",
  "device-unavailable",
  "out-of-memory",
  "judge-unreachable",
  "judge-rejected",
  "judge-key-missing",
  "judge-unparsable",
  "spending-cap",
  "empty-slice",
  "disk-full",
  "port-in-use",
  "aborted",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** The JSON form of an AppError. */
export const errorJsonSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  userMessage: z.string(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.unknown()).optional(),
});

export type ErrorJson = z.infer<typeof errorJsonSchema>;

export interface AppErrorOptions {
  /** One line for the person: what, where (file, line), how to fix it. Defaults to `message`. */
  userMessage?: string;
  /** True only where the same call may succeed later; "do not retry" is the default. */
  retryable?: boolean;
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** The one error type that crosses boundaries (worker, HTTP, queue, CLI); `toJSON`/`fromJSON` round-trip it. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly userMessage: string;
  readonly retryable: boolean;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.userMessage = options.userMessage ?? message;
    this.retryable = options.retryable ?? false;
    this.details = options.details;
  }

  toJSON(): ErrorJson {
    const { code, message, userMessage, retryable, details } = this;
    return { code, message, userMessage, retryable, ...(details ? { details } : {}) };
  }

  /** Reads what `toJSON` wrote. Throws a ZodError on anything else. */
  static fromJSON(value: unknown): AppError {
    const { code, message, ...options } = errorJsonSchema.parse(value);
    return new AppError(code, message, options);
  }

  /** An AppError as it is; anything else becomes `internal`: generic to the user, whole in `cause`. */
  static from(error: unknown): AppError {
    if (error instanceof AppError) return error;
    if (isAbortError(error)) return new AppError("aborted", "the work was stopped", { cause: error });
    const parsed = errorJsonSchema.safeParse(error);
    if (parsed.success) return AppError.fromJSON(parsed.data);
    const message = error instanceof Error ? error.message : String(error);
    return new AppError("internal", message, {
      userMessage: "Something went wrong inside Tiller; the log has the details.",
      cause: error,
    });
  }
}

/** True for the DOMException an AbortSignal throws. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** Throws AppError `aborted` when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError("aborted", "the work was stopped", { cause: signal.reason });
}
