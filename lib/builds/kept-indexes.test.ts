import { expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { KeptIndexes } from "./kept-indexes.ts";

it("reads a state once, is given the former one, and lets go of another build's", async () => {
  const kept = new KeptIndexes<string>();
  const reads: string[] = [];
  const get = (build: string, part: string, state: string) =>
    kept.get(build, part, state, async (former) => {
      reads.push(`${build}/${part} ${former} -> ${state}`);
      return state;
    });
  expect(await Promise.all([get("a", "x", "1"), get("a", "x", "1")])).toEqual(["1", "1"]);
  expect(await Promise.all([get("a", "x", "2"), get("a", "y", "1"), get("a", "x", "3")])).toEqual([
    "2",
    "1",
    "3",
  ]);
  await get("a", "y", "1");
  await get("b", "x", "1");
  await get("a", "x", "3");
  expect(reads.toSorted()).toEqual([
    "a/x 1 -> 2",
    "a/x 2 -> 3",
    "a/x null -> 1",
    "a/x null -> 3",
    "a/y null -> 1",
    "b/x null -> 1",
  ]);
});

it("does not keep a reading that failed", async () => {
  const kept = new KeptIndexes<number>();
  const failing = async (): Promise<number> => {
    throw new AppError("invalid-file", "damaged");
  };
  await expect(kept.get("a", "x", "1", failing)).rejects.toThrow("damaged");
  expect(await kept.get("a", "x", "1", async (former) => (former === null ? 1 : 2))).toBe(1);
});
