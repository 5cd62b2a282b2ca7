import { AppError } from "./errors.ts";

export type Frame = "prompt" | "response" | "all";

/** Which tokens of an item are read: a frame and a Python slice (or one index) inside it. */
export interface Position {
  frame: Frame;
  /** One token, negative counts from the end; or a half-open range whose tokens are averaged. */
  slice: { index: number } | { start: number | null; stop: number | null };
}

export const defaultPosition = "response[:]";

const SYNTAX = /^(prompt|response|all)\[(?:(-?\d+)|(-?\d+)?:(-?\d+)?)\]$/;

/** Reads `<frame>[<slice>]`, e.g. `response[:]`, `response[:5]`, `prompt[-1]`. Throws `usage`. */
export function parsePosition(text: string): Position {
  const match = SYNTAX.exec(text.replaceAll(" ", ""));
  if (!match) {
    throw new AppError(
      "usage",
      `position ${JSON.stringify(text)} is not known: write prompt, response or all with a Python slice, such as response[:], response[:5], prompt[-1]`,
    );
  }
  const [, frame, index, start, stop] = match;
  const slice =
    index !== undefined
      ? { index: Number(index) }
      : { start: start === undefined ? null : Number(start), stop: stop === undefined ? null : Number(stop) };
  return { frame: frame as Frame, slice };
}

/** The text `parsePosition` reads. */
export function formatPosition({ frame, slice }: Position): string {
  if ("index" in slice) return `${frame}[${slice.index}]`;
  return `${frame}[${slice.start ?? ""}:${slice.stop ?? ""}]`;
}

/** The folder name of a position (formats.md section 2): `response[:]` → `response_all`, `response[:5]` → `response__5`. */
export function positionPath(position: Position): string {
  return formatPosition(position).replace("[:]", "_all").replace("[", "_").replace("]", "").replace(":", "_");
}

/**
 * The half-open token range [start, end) that a position means for one item.
 * @param promptTokens number of prompt tokens; the response follows them
 * @returns null when the slice is empty for this item: the caller reports the item, nothing is read as zero
 */
export function resolvePosition(
  position: Position,
  promptTokens: number,
  responseTokens: number,
): { start: number; end: number } | null {
  const offset = position.frame === "response" ? promptTokens : 0;
  const length =
    position.frame === "prompt"
      ? promptTokens
      : position.frame === "response"
        ? responseTokens
        : promptTokens + responseTokens;
  const { slice } = position;
  if ("index" in slice) {
    const at = slice.index < 0 ? length + slice.index : slice.index;
    return at >= 0 && at < length ? { start: offset + at, end: offset + at + 1 } : null;
  }
  // Python clamps out-of-range ends instead of failing.
  const clamp = (value: number) => Math.min(Math.max(value < 0 ? length + value : value, 0), length);
  const start = clamp(slice.start ?? 0);
  const end = clamp(slice.stop ?? length);
  return end > start ? { start: offset + start, end: offset + end } : null;
}
