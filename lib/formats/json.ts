import { parse as locateJsonError } from "@humanwhocodes/momoa";
import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";

/**
 * The JSON text of a file people read: 2-space indent, an array of numbers on one line, a newline at the end.
 * Members that are undefined are left out. Throws `invalid-input` with the path of a NaN or Infinity, which JSON
 * would silently turn into null.
 */
export function formatJson(value: unknown): string {
  return `${format(value, "", "$") ?? "null"}\n`;
}

function format(value: unknown, indent: string, path: string): string | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new AppError("invalid-input", `${path} is ${value}, which JSON cannot hold`);
  }
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (hasToJson(value)) return format(value.toJSON(), indent, path);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item, at) => format(item, inner, `${path}[${at}]`) ?? "null");
    if (items.length === 0) return "[]";
    if (value.every((item) => typeof item === "number")) return `[${items.join(", ")}]`;
    return `[\n${items.map((item) => inner + item).join(",\n")}\n${indent}]`;
  }
  const members = Object.entries(value).flatMap(([key, member]) => {
    const text = format(member, inner, `${path}.${key}`);
    return text === undefined ? [] : [`${inner}${JSON.stringify(key)}: ${text}`];
  });
  return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
}

function hasToJson(value: object): value is { toJSON: () => unknown } {
  return "toJSON" in value && typeof value.toJSON === "function";
}

/**
 * Reads a JSON file's text and checks its shape.
 * Throws `invalid-file`, in one line: `file:line:column` for malformed JSON, the path inside for a wrong shape.
 */
export function parseJson<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
): z.output<Schema> {
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  if (body.trim() === "") throw new AppError("invalid-file", `${file}: the file is empty; JSON was expected`);
  return checkShape(parseJsonText(body, file, 1), file, schema);
}

/**
 * `JSON.parse`, with the place of the error. @param firstLine line number of the text's first line in its file
 * Throws `invalid-file`.
 */
export function parseJsonText(text: string, file: string, firstLine: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { line, column, problem } = locate(text, error);
    throw new AppError(
      "invalid-file",
      `${file}:${firstLine + line - 1}:${column}: malformed JSON: ${problem}`,
      {
        details: { file, line: firstLine + line - 1, column },
        cause: error,
      },
    );
  }
}

const located = z.object({ line: z.number(), column: z.number(), message: z.string() });

/** JSON.parse decides what is malformed; its messages carry no position, so a second parser finds it. */
function locate(text: string, error: unknown): { line: number; column: number; problem: string } {
  try {
    locateJsonError(text, { mode: "json" });
  } catch (second) {
    const found = located.safeParse(second);
    if (found.success) {
      const { line, column, message } = found.data;
      return { line, column, problem: oneLine(message.replace(/ \(\d+:\d+\)$/, "")) };
    }
  }
  return { line: 1, column: 1, problem: oneLine(error instanceof Error ? error.message : String(error)) };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").replace(/\.$/, "").trim();
}

/** A value in the schema's shape. Throws `invalid-file` naming `where` and the path of the first mismatch. */
export function checkShape<Schema extends z.ZodType>(
  value: unknown,
  where: string,
  schema: Schema,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues;
  const first = issues[0];
  const path = first ? pathText(first.path) : "";
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  throw new AppError(
    "invalid-file",
    `${where}: ${path ? `${path}: ` : ""}${oneLine(first?.message ?? "wrong shape")}${more}`,
    {
      details: {
        issues: issues.slice(0, 20).map((issue) => ({ path: pathText(issue.path), message: issue.message })),
      },
      cause: result.error,
    },
  );
}

/** `["results", 3, "score"]` → `results[3].score`. */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, at) => (typeof part === "number" ? `[${part}]` : `${at > 0 ? "." : ""}${String(part)}`))
    .join("");
}
