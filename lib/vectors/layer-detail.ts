import { checkWidth, type Decider, type DecisionRule, decisionRule } from "./evaluation.ts";
import { atLayer, type LayerActivations, splitByPolarity } from "./layer.ts";
import { principalComponents, turned } from "./principal-components.ts";
import { checkRows, project, type Rows, rowNorms, stackRows } from "./rows.ts";

export interface RowDetail {
  split: "train" | "val";
  /** 1 positive, 0 negative. */
  label: 0 | 1;
  /** 0-based scenario line. */
  index: number;
  /** What the decision rule compares with its threshold: a·v, or (a·v)/‖a‖ where it was fitted on unit rows. */
  score: number;
  /** Coordinates on the first two principal components of all rows. */
  pca: [number, number];
}

export interface LayerDetail extends DecisionRule {
  rows: RowDetail[];
  /** The two components' shares of the rows' variance, 0-1. */
  pcaShares: [number, number];
}

/**
 * Where every row of one layer lies on a vector and in the plane of the two main components, positives turned to the
 * higher side. The threshold is the one that evaluation uses. Throws `invalid-input` as extraction does.
 * @param val held-out rows; there may be none
 */
export function layerDetail(
  decider: Decider,
  { layer, train, val }: { layer: number; train: LayerActivations; val: LayerActivations },
): LayerDetail {
  return atLayer(layer, () => {
    const { positives, negatives } = splitByPolarity(train, "training rows");
    checkWidth(decider.vector, [positives]);
    const rule = decisionRule(decider, positives, negatives);
    const all = stackRows(rowsOf(train), rowsOf(val));
    checkRows(all, "rows");
    const norms = rule.unitRows ? rowNorms(all) : null;
    const scores = project(all, decider.vector).map((value, at) => value / (norms?.[at] || 1));
    const inTrain = train.labels.length;
    const of = (at: number) => (at < inTrain ? { rows: train, at } : { rows: val, at: at - inTrain });
    const label = (at: number): 0 | 1 => (of(at).rows.labels[of(at).at] === 1 ? 1 : 0);
    const { shares, coordinates } = principalComponents(all, 2);
    const [first, second] = coordinates.map((axis) => turned(axis, (at) => label(at) === 1));
    return {
      ...rule,
      pcaShares: [shares[0] ?? 0, shares[1] ?? 0],
      rows: Array.from(scores, (score, at) => ({
        split: at < inTrain ? "train" : "val",
        label: label(at),
        index: of(at).rows.indices[of(at).at] ?? 0,
        score,
        pca: [first?.[at] ?? 0, second?.[at] ?? 0],
      })),
    };
  });
}

function rowsOf({ values, labels, hidden }: LayerActivations): Rows {
  return { data: values, count: labels.length, dim: hidden };
}
