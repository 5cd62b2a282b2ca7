import { diffArrays, diffWordsWithSpace } from "diff";

/** A run of lines from `before` that became other lines: 0-based, ends exclusive. */
export interface Hunk {
  before: [start: number, end: number];
  after: [start: number, end: number];
}

// The time of a diff grows with the square of its edits: texts further apart than this count as wholly different.
const MAX_EDITS = 1000;

/** Where two lists of lines differ, in order. */
export function diffLines(before: readonly string[], after: readonly string[]): Hunk[] {
  const changes = diffArrays([...before], [...after], { maxEditLength: MAX_EDITS });
  if (!changes) return [{ before: [0, before.length], after: [0, after.length] }];
  const hunks: Hunk[] = [];
  let [from, to] = [0, 0];
  for (const { added, removed, count } of changes) {
    const next: [number, number] = [from + (added ? 0 : count), to + (removed ? 0 : count)];
    if (added || removed) {
      const last = hunks.at(-1);
      if (last && last.before[1] === from && last.after[1] === to) {
        last.before[1] = next[0];
        last.after[1] = next[1];
      } else hunks.push({ before: [from, next[0]], after: [to, next[1]] });
    }
    [from, to] = next;
  }
  return hunks;
}

export interface WordChange {
  kind: "same" | "added" | "removed";
  text: string;
}

/** A line's change by words. The same and added parts make `after`, the same and removed ones `before`. */
export function diffWords(before: string, after: string): WordChange[] {
  return diffWordsWithSpace(before, after).map(({ added, removed, value }) => ({
    kind: added ? "added" : removed ? "removed" : "same",
    text: value,
  }));
}
