import { describe, expect, it } from "vitest";
import { engineLoader } from "#lib/testing/engine-models.ts";
import { CHECK_MODEL, judgeCheck, runCheckCases } from "./check-cases.ts";
import recorded from "./fixtures/check-figures.json" with { type: "json" };

const load = engineLoader();

describe("the check of a device", () => {
  it("passes on the device that it was recorded on, so the record is today's model", async () => {
    const run = await runCheckCases(await load(CHECK_MODEL), () => performance.now());
    expect(run.fingerprint).toBe(recorded.fingerprint);
    const verdict = judgeCheck(run, recorded);
    expect(verdict).toMatchObject({ equal: 6, answers: 6, passed: true });
    expect(verdict.largestError).toBeLessThan(2e-5);
    expect(recorded.steered).not.toEqual(recorded.generated);
  });

  it("fails on one wrong token, a state that is off by 3e-4 of its size, and missing or broken figures", () => {
    const { fingerprint, generated, steered, captured } = recorded;
    const figures = () => structuredClone({ fingerprint, generated, steered, captured });
    const wrongToken = figures();
    wrongToken.steered[1]?.splice(2, 1, 7);
    expect(judgeCheck(wrongToken, recorded)).toMatchObject({ equal: 5, passed: false });
    const shifted = figures();
    const value = captured[2]?.[100] ?? 0;
    const off = 3e-4 * Math.max(1, Math.abs(value));
    shifted.captured[2]?.splice(100, 1, value + off);
    expect(judgeCheck(shifted, recorded).largestError).toBeCloseTo(off, 6);
    expect(judgeCheck(shifted, recorded).passed).toBe(false);
    const broken = figures();
    broken.captured[0]?.splice(5, 1, Number.NaN);
    expect(judgeCheck(broken, recorded).passed).toBe(false);
    expect(judgeCheck({ ...figures(), captured: [] }, recorded).passed).toBe(false);
  });
});
