import { AppError } from "#lib/core/errors.ts";

/** UTF-8 to text without a BOM. Throws `invalid-file` naming the first line that is not UTF-8. */
export function decodeText(data: Uint8Array | string, file: string): string {
  if (typeof data === "string") return data.startsWith("\uFEFF") ? data.slice(1) : data;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(data);
  } catch (cause) {
    throw new AppError(
      "invalid-file",
      `${file}:${firstBadLine(data)}: not UTF-8 text: save the file as UTF-8`,
      { cause },
    );
  }
}

function firstBadLine(data: Uint8Array): number {
  const LF = 0x0a;
  let line = 1;
  let start = 0;
  for (let at = 0; at <= data.length; at++) {
    if (at < data.length && data[at] !== LF) continue;
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(data.subarray(start, at));
    } catch {
      return line;
    }
    line++;
    start = at + 1;
  }
  return line;
}

/** Lines with their 1-based numbers; LF and CRLF end a line. */
export function splitLines(text: string): { line: number; text: string }[] {
  return text.split("\n").map((part, at) => ({ line: at + 1, text: part.replace(/\r+$/, "") }));
}

/** Text as it is written back: LF, no BOM. What reads from it is the same. */
export function normaliseText(text: string): string {
  return text.replace(/^\uFEFF+/, "").replace(/\r+\n/g, "\n");
}
