import { expect, it } from "vitest";
import { decimal, dollars, duration, percent, signed } from "./format.ts";

it.each([
  [percent(0.923), "92 %"],
  [percent(null), "–"],
  [decimal(0.5), "0.50"],
  [signed(-12.34), "−12.3"],
  [signed(0), "+0.0"],
  [signed(-0.04), "+0.0"],
  [duration(4.25), "4.3 s"],
  [duration(125), "2 min 5 s"],
  [duration(3840), "1 h 4 min"],
  [dollars(null), "cost unknown"],
  [dollars(0), "free"],
  [dollars(0.0123), "$0.0123"],
])("%s is %s", (shown, expected) => {
  expect(shown).toBe(expected);
});
