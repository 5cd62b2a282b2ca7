import { diffLines, type Hunk } from "./diff.ts";

/** A part of a three-way merge: agreed lines, or a place where mine and theirs changed the same lines differently. */
export type MergeRegion<T = string> =
  | { kind: "agreed"; lines: T[] }
  | { kind: "conflict"; base: T[]; mine: T[]; theirs: T[] };

/** Merges two edits of `base`. What only one of them changed is taken; so is what both changed alike. */
export function mergeLines(
  base: readonly string[],
  mine: readonly string[],
  theirs: readonly string[],
): MergeRegion[] {
  const regions: MergeRegion[] = [];
  let at = 0;
  const agree = (lines: readonly string[]) => {
    const last = regions.at(-1);
    if (lines.length === 0) return;
    if (last?.kind === "agreed") last.lines.push(...lines);
    else regions.push({ kind: "agreed", lines: [...lines] });
  };
  for (const { start, end, sides } of changedRanges(diffLines(base, mine), diffLines(base, theirs))) {
    agree(base.slice(at, start));
    at = end;
    const old = base.slice(start, end);
    const [my, their] = [
      changed(mine, sides.mine, start, end) ?? old,
      changed(theirs, sides.theirs, start, end) ?? old,
    ];
    if (sides.mine.length === 0 || same(my, their)) agree(their);
    else if (sides.theirs.length === 0) agree(my);
    else regions.push({ kind: "conflict", base: old, mine: my, theirs: their });
  }
  agree(base.slice(at));
  return regions;
}

interface ChangedRange {
  /** Of base lines. */
  start: number;
  end: number;
  sides: { mine: Hunk[]; theirs: Hunk[] };
}

/** Hunks that touch, of either side, make one range. */
function changedRanges(mine: readonly Hunk[], theirs: readonly Hunk[]): ChangedRange[] {
  const all = [
    ...mine.map((hunk) => ({ side: "mine" as const, hunk })),
    ...theirs.map((hunk) => ({ side: "theirs" as const, hunk })),
  ].sort((a, b) => a.hunk.before[0] - b.hunk.before[0] || a.hunk.before[1] - b.hunk.before[1]);
  const ranges: ChangedRange[] = [];
  for (const { side, hunk } of all) {
    const [start, end] = hunk.before;
    let range = ranges.at(-1);
    if (!range || start > range.end) {
      range = { start, end, sides: { mine: [], theirs: [] } };
      ranges.push(range);
    }
    range.end = Math.max(range.end, end);
    range.sides[side].push(hunk);
  }
  return ranges;
}

/** The side's lines for base lines start to end; null where it left them alone. */
function changed(
  side: readonly string[],
  hunks: readonly Hunk[],
  start: number,
  end: number,
): string[] | null {
  const [first, last] = [hunks[0], hunks.at(-1)];
  if (!first || !last) return null;
  // Unchanged lines before the first and after the last hunk lie at the same distance in base and side.
  return side.slice(first.after[0] - (first.before[0] - start), last.after[1] + (end - last.before[1]));
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, at) => line === b[at]);
}

/** One line of both sides. */
export type Row = readonly [positive: string, negative: string];

/**
 * Merges by pairs, so that line i of both sides stay together: a pair of which mine changed the one half and theirs
 * the other takes both changes.
 */
export function mergePairs(
  base: readonly Row[],
  mine: readonly Row[],
  theirs: readonly Row[],
): MergeRegion<Row>[] {
  const encode = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row));
  const decode = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as Row);
  const regions = mergeLines(encode(base), encode(mine), encode(theirs)).flatMap(
    (region): MergeRegion<Row>[] =>
      region.kind === "agreed"
        ? [{ kind: "agreed", lines: decode(region.lines) }]
        : byHalves(decode(region.base), decode(region.mine), decode(region.theirs)),
  );
  return joinAgreed(regions);
}

function byHalves(base: Row[], mine: Row[], theirs: Row[]): MergeRegion<Row>[] {
  if (base.length !== mine.length || base.length !== theirs.length) {
    return [{ kind: "conflict", base, mine, theirs }];
  }
  return base.map((row, at): MergeRegion<Row> => {
    const [my, their] = [mine[at] ?? row, theirs[at] ?? row];
    const halves = [0, 1].map((half) => mergeHalf(row[half] ?? "", my[half] ?? "", their[half] ?? ""));
    const [positive, negative] = halves;
    if (typeof positive === "string" && typeof negative === "string") {
      return { kind: "agreed", lines: [[positive, negative]] };
    }
    return { kind: "conflict", base: [row], mine: [my], theirs: [their] };
  });
}

/** Null where both changed it differently. */
function mergeHalf(base: string, mine: string, theirs: string): string | null {
  if (mine === theirs || theirs === base) return mine;
  return mine === base ? theirs : null;
}

function joinAgreed<T>(regions: readonly MergeRegion<T>[]): MergeRegion<T>[] {
  const joined: MergeRegion<T>[] = [];
  for (const region of regions) {
    const last = joined.at(-1);
    if (region.kind === "agreed" && last?.kind === "agreed") last.lines.push(...region.lines);
    else joined.push(region.kind === "agreed" ? { kind: "agreed", lines: [...region.lines] } : region);
  }
  return joined;
}

/** The merged lines; null while a conflict is open. */
export function mergedLines<T>(regions: readonly MergeRegion<T>[]): T[] | null {
  if (regions.some(({ kind }) => kind === "conflict")) return null;
  return regions.flatMap((region) => (region.kind === "agreed" ? region.lines : []));
}
