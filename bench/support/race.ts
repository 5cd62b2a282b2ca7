import { setTimeout } from "node:timers/promises";

// Worker threads of either side spin for a while when their work is done.
const REST_MS = 400;

/**
 * Seconds that each side takes: medians over rounds in which all take turns, so that whatever else the machine does
 * falls on all. The first round warms up.
 * @param sides each does its work once and tells how long it took
 */
export async function race(sides: readonly (() => Promise<number>)[], rounds: number): Promise<number[]> {
  const times = sides.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [side, measure] of sides.entries()) {
      await setTimeout(REST_MS);
      const taken = await measure();
      if (round > 0) times[side]?.push(taken);
    }
  }
  return times.map(median);
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
