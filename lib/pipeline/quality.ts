import { qualityFloors } from "#lib/core/thresholds.ts";
import type { TraitSummary } from "./trait-summary.ts";

/** One quality figure beside its floor (product.md section 1). */
export interface QualityFlag {
  name: string;
  /** As text with its unit, for people. */
  value: string;
  floor: string;
  met: boolean;
  /** What to do where the floor is missed. */
  recommendation: string;
}

const points = (value: number) => value.toFixed(1);
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** Every figure that was measured, with its floor; what was not measured has no flag. */
export function qualityFlags(summary: TraitSummary): QualityFlag[] {
  return [...responseFlags(summary), ...vectorFlags(summary), ...steeringFlags(summary)];
}

function responseFlags({ responses }: TraitSummary): QualityFlag[] {
  if (!responses) return [];
  const flags: QualityFlag[] = [];
  const { contrast, pass_rate } = responses;
  if (typeof pass_rate === "number") {
    flags.push({
      name: "response pass rate",
      value: percent(pass_rate),
      floor: `>= ${percent(qualityFloors.responsePassRate)}`,
      met: pass_rate >= qualityFloors.responsePassRate,
      recommendation: "open the vetting review: rewrite scenarios whose ending leaves both directions open",
    });
  }
  const least = Math.min(responses.positive_passed, responses.negative_passed);
  flags.push({
    name: "passed responses per polarity",
    value: `${responses.positive_passed} positive, ${responses.negative_passed} negative`,
    floor: `>= ${qualityFloors.passedPerPolarity}`,
    met: least >= qualityFloors.passedPerPolarity,
    recommendation:
      "write more pairs, or repair those that fail: a vector from fewer examples is mostly chance",
  });
  if (typeof contrast === "number") {
    flags.push({
      name: "contrast (mean positive − mean negative score)",
      value: points(contrast),
      floor: `> ${qualityFloors.contrast}`,
      met: contrast > qualityFloors.contrast,
      recommendation: "make positives and negatives differ more at their decision point",
    });
  }
  if (responses.errors > 0) {
    flags.push({
      name: "responses without a score",
      value: String(responses.errors),
      floor: "0",
      met: false,
      recommendation: "run again: what the judge failed on is tried again, the rest is kept",
    });
  }
  return flags;
}

function vectorFlags({ best, bestProbe }: TraitSummary): QualityFlag[] {
  const flags: QualityFlag[] = [];
  if (bestProbe && typeof bestProbe.val_accuracy === "number") {
    flags.push({
      name: `probe accuracy on held-out pairs (layer ${bestProbe.layer})`,
      value: percent(bestProbe.val_accuracy),
      floor: `> ${percent(qualityFloors.probeAccuracy)}`,
      met: bestProbe.val_accuracy > qualityFloors.probeAccuracy,
      recommendation: "the trait is not linearly readable here: try another position, or clearer scenarios",
    });
  }
  if (best && typeof best.overlaps_random === "boolean") {
    flags.push({
      name: `best vector (${best.method}, layer ${best.layer}) apart from a random vector`,
      value: best.overlaps_random ? "AUROC intervals overlap" : "AUROC intervals apart",
      floor: "apart",
      met: !best.overlaps_random,
      recommendation:
        "hold more pairs out, so that the intervals narrow; where a random direction separates as well, this layer says little",
    });
  }
  return flags;
}

function steeringFlags({ steering, bestBand }: TraitSummary): QualityFlag[] {
  if (!steering) return [];
  const { best } = steering;
  if (!best?.coherent) {
    return [
      {
        name: "coherent steering setting",
        value: best ? `best coherence ${points(best.coherence)}` : "none could be judged",
        floor: `coherence >= ${qualityFloors.steeringCoherence}`,
        met: false,
        recommendation: "try smaller coefficients or other layers, or --coefs adaptive",
      },
    ];
  }
  return [
    {
      name: `steering delta (${best.method}, layer ${best.layer}, ratio ${best.coef_ratio})`,
      value: `${points(best.delta)} at coherence ${points(best.coherence)}`,
      floor: `>= ${qualityFloors.steeringDelta} at coherence >= ${qualityFloors.steeringCoherence}`,
      met: best.delta >= qualityFloors.steeringDelta,
      recommendation: "try more layers and coefficients; a vector that separates need not steer",
    },
    ...(bestBand
      ? [
          {
            name: "steering delta outside the random band",
            value: points(best.delta),
            floor: `above ${points(bestBand.high)} (${bestBand.n} random vectors: ${points(bestBand.low)} to ${points(bestBand.high)})`,
            met: best.delta > bestBand.high,
            recommendation:
              "random directions of the same length do as much: the vector is not shown to cause the behaviour",
          },
        ]
      : []),
  ];
}

/** One line for a missed floor. */
export function qualityWarning(trait: string, flag: QualityFlag): string {
  return `${trait}: ${flag.name} is ${flag.value}, the floor is ${flag.floor}: ${flag.recommendation}`;
}
