/** Statistics in float64; nothing here returns NaN for finite input: a figure that does not exist is null. */
export {
  bootstrapInterval,
  bootstrapMean,
  bootstrapResamples,
  pairedBootstrap,
} from "./statistics/bootstrap.ts";
export { auroc, aurocInterval, pearson, ranks, spearman } from "./statistics/ranks.ts";
export {
  type Interval,
  intervalsOverlap,
  mean,
  meanAbsoluteError,
  median,
  quantileOfSorted,
  sampleDeviation,
  sampleVariance,
  wilsonInterval,
  z95,
} from "./statistics/summary.ts";
