import { expect, it } from "vitest";
import tiller from "../../public/models/demo/tiller.json" with { type: "json" };
import figures from "./figures.json" with { type: "json" };

it("the judge's agreement that Tiller shows is the measured one", () => {
  const { judge } = figures.splits.heldout;
  const round = (value: number) => Number(value.toFixed(3));
  for (const trait of [...tiller.judge.traits, "coherence"]) {
    const { spearman, auc, n } = judge[`${trait}.all` as "optimism.all"];
    const shown = tiller.judge.agreement[trait as "optimism"];
    expect(shown, trait).toEqual({ spearman: round(spearman), auc: round(auc), n });
  }
});
