import { AppError } from "./errors.ts";

const PERCENT_RANGE = /^(\d{1,3})%-(\d{1,3})%$/;
const RANGE = /^(\d+)-(\d+)$/;

/**
 * Reads which layers are meant: `all`, `3`, `1,4,7`, `2-5`, or a share of the depth such as `30%-60%`.
 * Layer N is the residual stream after block N, 0-based.
 * @returns ascending layer numbers below `layerCount`, at least one. Throws `usage`.
 */
export function parseLayers(text: string, layerCount: number): number[] {
  const layers = new Set(
    text
      .split(",")
      .map((part) => part.trim())
      .flatMap((part) => layersOf(part, layerCount, text)),
  );
  return [...layers].sort((a, b) => a - b);
}

function layersOf(part: string, layerCount: number, whole: string): number[] {
  if (part === "all") return range(0, layerCount - 1);
  const percent = PERCENT_RANGE.exec(part);
  if (percent) {
    const low = Math.floor((Number(percent[1]) / 100) * layerCount);
    const high = Math.ceil((Number(percent[2]) / 100) * layerCount);
    if (Number(percent[1]) <= Number(percent[2]) && Number(percent[2]) <= 100) {
      return range(Math.min(low, layerCount - 1), Math.max(low, Math.min(high, layerCount - 1)));
    }
  }
  const bounds = RANGE.exec(part) ?? (/^\d+$/.test(part) ? [part, part, part] : null);
  if (bounds) {
    const low = Number(bounds[1]);
    const high = Number(bounds[2]);
    if (low <= high && high < layerCount) return range(low, high);
  }
  throw new AppError(
    "usage",
    `layers ${JSON.stringify(whole)} do not fit a model of ${layerCount} layers: write all, a list (1,4), a range (2-5) or a share (30%-60%); layers count from 0 to ${layerCount - 1}`,
  );
}

function range(low: number, high: number): number[] {
  return Array.from({ length: high - low + 1 }, (_, at) => low + at);
}
