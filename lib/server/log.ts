import { mkdirSync } from "node:fs";
import path from "node:path";
import { pino } from "pino";
import { AppError } from "#lib/core/errors.ts";
import { workFolder } from "./paths.ts";

export interface Log {
  info(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
  /** The whole error with its causes. */
  error(message: string, error: unknown, details?: Record<string, unknown>): void;
  /** Never writes this text, wherever it turns up. */
  hide(secret: string): void;
  readonly file: string;
}

/** JSON lines in `<home>/.tiller/logs/tiller.log`. */
export function openLog(home: string): Log {
  const file = path.join(workFolder(home), "logs", "tiller.log");
  mkdirSync(path.dirname(file), { recursive: true });
  const secrets = new Set<string>();
  const log = pino(
    {
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: {
        error: (error: unknown) => (error instanceof Error ? wholeError(error) : String(error)),
      },
      hooks: { streamWrite: (line) => redact(line, secrets) },
    },
    // Synchronous: what is logged right before a crash is what is looked for.
    pino.destination({ dest: file, append: true, sync: true }),
  );
  return {
    file,
    info: (message, details) => log.info(details ?? {}, message),
    warn: (message, details) => log.warn(details ?? {}, message),
    error: (message, error, details) => log.error({ ...details, error }, message),
    // Anything shorter would blot out innocent text.
    hide: (secret) => void (secret.length >= 8 && secrets.add(secret)),
  };
}

/** The error a person may see: what is not known stays in the log, whose place is named. */
export function publicError(error: unknown, log: Log): AppError {
  const known = AppError.from(error);
  if (known.code !== "internal") return known;
  return new AppError("internal", "something went wrong inside Tiller", {
    userMessage: `Something went wrong inside Tiller; ${log.file} has the details.`,
  });
}

function wholeError(error: Error, depth = 0): Record<string, unknown> {
  const { code, details } = error as { code?: unknown; details?: unknown };
  const cause = error.cause instanceof Error && depth < 5 ? wholeError(error.cause, depth + 1) : error.cause;
  return { name: error.name, message: error.message, code, details, stack: error.stack, cause };
}

function redact(line: string, secrets: Set<string>): string {
  let text = line;
  for (const secret of secrets) {
    text = text.replaceAll(JSON.stringify(secret).slice(1, -1), "[hidden]");
  }
  return text;
}
