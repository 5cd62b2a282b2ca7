import { withoutThinking } from "#lib/judge/scoring.ts";

/**
 * The objects that a reply holds: the entries of its list, or of a list under `list`, or itself; where the whole is no
 * JSON (words around it, a fence, an end cut off), every object without another inside that can be read.
 */
export function objectsIn(reply: string, list?: string): Record<string, unknown>[] {
  const text = withoutThinking(reply);
  const start = text.search(/[[{]/);
  const end = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]"));
  const whole = start < 0 ? undefined : tryJson(text.slice(start, end + 1));
  if (whole !== undefined) {
    const named = list !== undefined && isObject(whole) && Array.isArray(whole[list]) ? whole[list] : whole;
    return (Array.isArray(named) ? named : [named]).filter(isObject);
  }
  // Braces inside a string belong to it.
  const flat = text.match(/\{(?:[^{}"]|"(?:[^"\\]|\\[\s\S])*")*\}/g) ?? [];
  return flat.map(tryJson).filter(isObject);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The beginning of a reply, for an error's one line. */
export function beginningOf(reply: string): string {
  return JSON.stringify(reply.trim().replace(/\s+/g, " ").slice(0, 80).toWellFormed());
}
