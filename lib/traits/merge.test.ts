import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffLines, diffWords } from "./diff.ts";
import { type MergeRegion, mergedLines, mergeLines, mergePairs, type Row } from "./merge.ts";

// Few different lines, so that repeats and blank lines are met often.
const lines = fc.array(fc.constantFrom<string>("", "a", "b", "c", "d"), { maxLength: 12 });

describe("diff", () => {
  it("hunks turn before into after", () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const rebuilt: string[] = [];
        let at = 0;
        for (const hunk of diffLines(before, after)) {
          rebuilt.push(...before.slice(at, hunk.before[0]), ...after.slice(...hunk.after));
          at = hunk.before[1];
        }
        expect([...rebuilt, ...before.slice(at)]).toEqual(after);
      }),
    );
  });

  it("takes texts that have nothing in common as one hunk", () => {
    const many = (word: string) => Array.from({ length: 10_000 }, (_, at) => `${word} ${at}`);
    expect(diffLines(many("old"), many("new"))).toEqual([{ before: [0, 10_000], after: [0, 10_000] }]);
  });

  it("tells a line's words apart and gives both texts back", () => {
    expect(diffWords("I told them so I", "I told them no because I")).toContainEqual({
      kind: "removed",
      text: "so",
    });
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const text = (without: string) =>
          diffWords(before, after)
            .flatMap((part) => (part.kind === without ? [] : part.text))
            .join("");
        expect([text("added"), text("removed")]).toEqual([before, after]);
      }),
    );
  });
});

describe("merge", () => {
  it("keeps its laws: unchanged gives the other, equal edits agree, sides can be swapped", () => {
    fc.assert(
      fc.property(lines, lines, lines, (base, mine, theirs) => {
        expect(mergedLines(mergeLines(base, base, theirs))).toEqual(theirs);
        expect(mergedLines(mergeLines(base, mine, base))).toEqual(mine);
        expect(mergedLines(mergeLines(base, mine, mine))).toEqual(mine);
        const swap = (region: MergeRegion) =>
          region.kind === "agreed" ? region : { ...region, mine: region.theirs, theirs: region.mine };
        expect(mergeLines(base, theirs, mine).map(swap)).toEqual(mergeLines(base, mine, theirs));
      }),
    );
  });

  it("no line appears from nowhere", () => {
    fc.assert(
      fc.property(lines, lines, lines, (base, mine, theirs) => {
        const regions = mergeLines(base, mine, theirs);
        const known = new Set([...base, ...mine, ...theirs]);
        for (const region of regions)
          for (const line of region.kind === "agreed" ? region.lines : [...region.mine, ...region.theirs])
            expect(known.has(line)).toBe(true);
      }),
    );
  });

  it("joins edits of different places and shows edits of the same place", () => {
    const base = ["one", "two", "three", "four", "five"];
    expect(mergedLines(mergeLines(base, ["ONE", ...base.slice(1)], [...base, "six"]))).toEqual([
      "ONE",
      "two",
      "three",
      "four",
      "five",
      "six",
    ]);
    expect(mergeLines(base, base.with(2, "mine"), base.with(2, "theirs"))).toEqual([
      { kind: "agreed", lines: ["one", "two"] },
      { kind: "conflict", base: ["three"], mine: ["mine"], theirs: ["theirs"] },
      { kind: "agreed", lines: ["four", "five"] },
    ]);
  });
});

describe("merge by pairs", () => {
  const row = fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("x", "y", "z"));
  const rows = fc.array(row, { maxLength: 8 });

  it("keeps the same laws", () => {
    fc.assert(
      fc.property(rows, rows, (base, other) => {
        expect(mergedLines(mergePairs(base, base, other))).toEqual(other);
        expect(mergedLines(mergePairs(base, other, base))).toEqual(other);
        expect(mergedLines(mergePairs(base, other, other))).toEqual(other);
      }),
    );
  });

  it("joins edits of the two halves and never tears a pair", () => {
    const base: Row[] = [
      ["p1", "n1"],
      ["p2", "n2"],
    ];
    expect(
      mergedLines(
        mergePairs(
          base,
          [
            ["P1", "n1"],
            ["p2", "n2"],
          ],
          [
            ["p1", "N1"],
            ["p2", "n2"],
          ],
        ),
      ),
    ).toEqual([
      ["P1", "N1"],
      ["p2", "n2"],
    ]);
    const regions = mergePairs(
      base,
      [
        ["P1", "n1"],
        ["p2", "n2"],
      ],
      [["p2", "n2"]],
    );
    expect(regions[0]).toEqual({ kind: "conflict", base: [["p1", "n1"]], mine: [["P1", "n1"]], theirs: [] });
  });
});
