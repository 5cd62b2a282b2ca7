export interface Bin {
  from: number;
  to: number;
  count: number;
}

/** Counts values in equal bins from `low` to `high`; a bin holds its lower end, the last its upper end, too. */
export function binsOf(values: readonly number[], low: number, high: number, count: number): Bin[] {
  const width = (high - low) / count;
  const bins = Array.from({ length: count }, (_, at) => ({
    from: low + at * width,
    to: low + (at + 1) * width,
    count: 0,
  }));
  for (const value of values) {
    const bin = bins[Math.min(Math.max(Math.floor((value - low) / width), 0), count - 1)];
    if (bin) bin.count++;
  }
  return bins;
}
