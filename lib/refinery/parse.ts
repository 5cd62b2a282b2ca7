import { AppError } from "#lib/core/errors.ts";
import { parseJsonText } from "#lib/formats/json.ts";
import { withoutThinking } from "#lib/judge/scoring.ts";
import type { GatingMode } from "./modes.ts";

export type ParsedText =
  | { mode: "strict" | "lenient"; value: Record<string, unknown> }
  | { mode: "failed"; error: string };

/** Reads a teacher's answer. Lenient tries strict first. */
export function parseAnswer(text: string, gating: GatingMode): ParsedText {
  const whole = tryObject(text);
  if (typeof whole !== "string") return { mode: "strict", value: whole };
  if (gating === "lenient") {
    for (const inner of candidates(withoutThinking(text))) {
      const value = tryObject(inner);
      if (typeof value !== "string") return { mode: "lenient", value };
    }
  }
  return { mode: "failed", error: whole };
}

const FENCE = /```[a-z0-9]*[^\S\n]*\n([\s\S]*?)\n?[^\S\n]*```/gi;

function candidates(text: string): string[] {
  const fenced = [...text.matchAll(FENCE)].map(([, inner]) => inner ?? "");
  const [start, end] = [text.indexOf("{"), text.lastIndexOf("}")];
  return start >= 0 && end > start ? [...fenced, text.slice(start, end + 1)] : fenced;
}

/** The object that a text is, or what is wrong with it. */
function tryObject(text: string): Record<string, unknown> | string {
  try {
    const value = parseJsonText(text, "answer", 1);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    return "answer: must be a JSON object";
  } catch (error) {
    return AppError.from(error).message;
  }
}
