import { describe, expect, it } from "vitest";
import { filterPairs, pairsOf, type SampleFilter } from "./sample-filter.ts";

const sample = (
  question: string,
  answer: string,
  trait_score: number | null,
  coherence_score: number | null,
) => ({
  question,
  answer,
  trait_score,
  coherence_score,
});
const baseline = [sample("a", "rain", 40, 90), sample("b", "mud", 50, 90), sample("c", "fog", null, 90)];
const steered = [sample("a", "Sun", 60, 80), sample("b", "gold", 95, 55), sample("c", "", null, 0)];
const all: SampleFilter = {
  traitFrom: 0,
  traitTo: 100,
  coherenceFrom: 0,
  coherenceTo: 100,
  text: "",
  order: "question",
};
const found = (filter: Partial<SampleFilter>) =>
  filterPairs(pairsOf(steered, baseline), { ...all, ...filter }).map(({ steered: { question } }) => question);

describe("samples", () => {
  it("show all where nothing is narrowed, and without a score only then", () => {
    expect(found({})).toEqual(["a", "b", "c"]);
    expect(found({ traitFrom: 1 })).toEqual(["a", "b"]);
    expect(found({ coherenceTo: 55 })).toEqual(["b", "c"]);
  });

  it("are found by scores, bounds included, and by any of their texts", () => {
    expect(found({ traitFrom: 60, traitTo: 60 })).toEqual(["a"]);
    expect(found({ text: " sun " })).toEqual(["a"]);
    expect(found({ text: "MUD" })).toEqual(["b"]);
    expect(found({ text: "nothing" })).toEqual([]);
  });

  it("are sorted by change, those without one last", () => {
    expect(found({ order: "most" })).toEqual(["b", "a", "c"]);
    expect(found({ order: "least" })).toEqual(["a", "b", "c"]);
    expect(pairsOf(steered, undefined).map(({ change }) => change)).toEqual([null, null, null]);
  });
});
