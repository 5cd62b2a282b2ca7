import { polarities } from "#lib/core/names.ts";
import { type Lint, onSide } from "../finding.ts";

/** Below this, a pass rate means nothing: one line of 15 is 7 %. */
const TO_VET = 15;
/** Below this, too few lines are left for training and held-out evaluation once the failed ones are out. */
const TO_SHIP = 100;

/** Too few lines on a side to vet, or to ship. */
export const tooFewLines: Lint = {
  id: "too-few-lines",
  trait: (trait) =>
    polarities.flatMap((polarity) => {
      const count = trait[polarity].length;
      if (count >= TO_SHIP) return [];
      const [goal, purpose] = count < TO_VET ? [TO_VET, "vet"] : [TO_SHIP, "ship"];
      return [
        onSide(polarity, {
          severity: count < TO_VET ? "warning" : "note",
          message: `${count} ${polarity} ${count === 1 ? "line is" : "lines are"} too few to ${purpose}: results from fewer than ${goal} rest on chance`,
          remedy: `write ${goal - count} more`,
        }),
      ];
    }),
};
