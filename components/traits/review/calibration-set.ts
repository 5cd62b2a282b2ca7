import { polarities } from "#lib/core/names.ts";
import { createRng, hashSeed, shuffled } from "#lib/core/rng.ts";
import type { QueueItem } from "./queue.ts";

const BINS = 12;

/**
 * Items to label for calibration: spread evenly over the score range and both sides, each text once, in an order that
 * tells nothing. The same texts and scores give the same set, whatever their order.
 */
export function calibrationSet(items: readonly QueueItem[], size: number, seed: number): QueueItem[] {
  const texts = new Map(items.filter(({ result }) => result?.score != null).map((item) => [item.key, item]));
  const sides = polarities.map((polarity) =>
    spread(
      [...texts.values()].filter(({ line }) => line.polarity === polarity),
      seed,
    ),
  );
  const picked: QueueItem[] = [];
  // By turns, so that a side that runs out leaves its places to the other.
  for (let at = 0; picked.length < size && sides.some((side) => at < side.length); at++) {
    for (const side of sides) {
      const item = side[at];
      if (item && picked.length < size) picked.push(item);
    }
  }
  return shuffled(picked, createRng(seed));
}

/** All items in an order in which every beginning is spread over the scores. */
function spread(items: readonly QueueItem[], seed: number): QueueItem[] {
  const order = new Map(items.map((item) => [item, hashSeed(item.key, seed)]));
  const sorted = [...items].sort(
    (a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0) || (a.key < b.key ? -1 : 1),
  );
  const bins: QueueItem[][] = Array.from({ length: BINS }, () => []);
  for (const item of sorted)
    bins[Math.min(Math.floor(((item.result?.score ?? 0) / 100) * BINS), BINS - 1)]?.push(item);
  const longest = Math.max(...bins.map((bin) => bin.length));
  return Array.from({ length: longest }, (_, round) =>
    // From both ends inwards: a set that stops within a round still has its extremes.
    bins.map((_, at) => bins[at % 2 === 0 ? at / 2 : BINS - (at + 1) / 2]?.[round]),
  ).flatMap((round) => round.flatMap((item) => item ?? []));
}
