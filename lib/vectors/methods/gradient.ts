import { addScaled, dot, multiply, multiplyTransposed, norm, scaled, subtract } from "#lib/core/linear.ts";
import { createRng, hashSeed, shuffled } from "#lib/core/rng.ts";
import { createAdam } from "../adam.ts";
import { orientedUnit, unitVector, type VectorMethod } from "../method.ts";
import { meanRow, type Rows, selectRows, shiftedRows } from "../rows.ts";

const MAX_STEPS = 300;
const PATIENCE = 30;
const MARGIN_STEPS = 1_000;
// How far one step may turn the unit vector (an Adam step moves every coordinate by up to the rate).
const STEP_LENGTH = 0.03;

/**
 * Gradient ascent (Adam) on the separation: Cohen's d of the projections, relative to that of the start, plus the cosine
 * with mean_diff (the ridge). Starts at mean_diff. A fifth of the training rows, chosen by the seed, is held out to find
 * the number of steps after which d there is largest; as many steps are then taken on all rows. With fewer than five
 * rows a side nothing can be held out: the training rows themselves judge, and `info.note` says so. `norm` is the
 * distance of the class means along the vector.
 */
export const gradient: VectorMethod = {
  name: "gradient",
  summary: "gradient ascent on the separation (Cohen's d), started at and held near mean_diff",
  extract(positives, negatives, { seed }) {
    const canHoldOut = Math.min(positives.count, negatives.count) >= 5;
    const [fittedP, heldP] = canHoldOut ? holdOutFifth(positives, seed) : [positives, positives];
    const [fittedN, heldN] = canHoldOut ? holdOutFifth(negatives, seed) : [negatives, negatives];
    const separates = separation(heldP, heldN);

    const trial = ascent(fittedP, fittedN);
    const start = separates(trial.vector).d;
    let best = { d: start, step: 0 };
    for (let step = 1; step <= MAX_STEPS && step - best.step <= PATIENCE; step++) {
      trial.step();
      const { d } = separates(trial.vector);
      if (d > best.d) best = { d, step };
    }

    const final = ascent(positives, negatives);
    for (let step = 0; step < best.step; step++) final.step();
    const { vector } = orientedUnit(final.vector, positives, negatives, "gradient");
    return {
      vector,
      norm: Math.abs(dot(subtract(meanRow(positives), meanRow(negatives)), vector)),
      info: {
        steps: best.step,
        held_out_d: best.d,
        held_out_d_of_mean_diff: start,
        ...(canHoldOut ? {} : { note: "too few rows to hold out a fifth: judged on the training rows" }),
      },
    };
  },
};

/** The ascent on these rows, at mean_diff until the first step. `vector` [dim] stays at unit norm and is moved in place. */
function ascent(positives: Rows, negatives: Rows): { vector: Float64Array; step(): void } {
  const anchor = Float64Array.from(
    unitVector(subtract(meanRow(positives), meanRow(negatives)), "gradient").vector,
  );
  const separates = separation(positives, negatives);
  const scale = separates(anchor).d;
  const adam = createAdam(anchor.length);
  const vector = anchor.slice();
  return {
    vector,
    step() {
      // Descent on −d(v)/d(anchor) − cos(v, anchor), at ‖v‖ = 1.
      const slope = scaled(separates(vector).gradient(), -1 / scale);
      addScaled(slope, anchor, -1);
      addScaled(slope, vector, dot(vector, anchor));
      adam.step(vector, slope, STEP_LENGTH / Math.sqrt(vector.length));
      const length = norm(vector);
      for (let d = 0; d < vector.length; d++) vector[d] = (vector[d] as number) / length;
    },
  };
}

/**
 * The objective that was published for `gradient`, −(mean P·v̂ − mean N·v̂) + 0.01‖v‖, from a seeded Gaussian start, for
 * comparison: its optimum is mean_diff. `norm` as in `gradient`.
 */
export const gradientMeanMargin: VectorMethod = {
  name: "gradient:mean-margin",
  summary: "gradient ascent on the distance of the class means; its optimum is mean_diff",
  extract(positives, negatives, { seed }) {
    const { dim } = positives;
    const rng = createRng(hashSeed("gradient:mean-margin", seed));
    const difference = subtract(meanRow(positives), meanRow(negatives));
    const margin = unitVector(difference, "gradient:mean-margin").norm;
    const current = Float64Array.from({ length: dim }, () => rng() - 0.5);
    const adam = createAdam(dim);
    for (let step = 0; step < MARGIN_STEPS; step++) {
      const length = norm(current);
      const along = dot(difference, current) / length ** 2;
      // Of −difference·v/‖v‖ (in units of the margin) and of 0.01‖v‖.
      const slope = scaled(current, along / (length * margin) + 0.01 / length);
      addScaled(slope, difference, -1 / (length * margin));
      // The rate falls to zero, or Adam would circle the optimum.
      adam.step(current, slope, 0.02 * (1 - step / MARGIN_STEPS));
    }
    const { vector } = orientedUnit(current, positives, negatives, "gradient:mean-margin");
    return { vector, norm: Math.abs(dot(difference, vector)), info: { steps: MARGIN_STEPS } };
  },
};

/** [four fifths, one fifth] of the rows, chosen by the seed: the same places for sides of equal size, so pairs stay together. */
function holdOutFifth(rows: Rows, seed: number): [Rows, Rows] {
  const rng = createRng(hashSeed("gradient", seed));
  const order = shuffled(
    Array.from({ length: rows.count }, (_, at) => at),
    rng,
  );
  const held = Math.round(rows.count / 5);
  return [selectRows(rows, order.slice(held)), selectRows(rows, order.slice(0, held))];
}

/**
 * v ↦ Cohen's d of the projections on v, Δ/s with s² the mean of the two class variances, and on demand its gradient
 * ∇d = (Δμ − (Δ/s²)(S₊v + S₋v)/2)/s. Spread below 1e-6 of |Δ| counts as that: d stays finite.
 */
function separation(positives: Rows, negatives: Rows) {
  const { dim } = positives;
  const meanP = meanRow(positives);
  const meanN = meanRow(negatives);
  const difference = subtract(meanP, meanN);
  const sides = [
    { rows: shiftedRows(positives, meanP), share: 0.5 / Math.max(1, positives.count - 1) },
    { rows: shiftedRows(negatives, meanN), share: 0.5 / Math.max(1, negatives.count - 1) },
  ];
  return (vector: Float64Array): { d: number; gradient(): Float64Array } => {
    const delta = dot(difference, vector);
    const projections = sides.map(({ rows }) => multiply(rows, dim, vector));
    const variance = sides.reduce((sum, { share }, side) => {
      const values = projections[side] as Float64Array;
      return sum + share * dot(values, values);
    }, 0);
    const s = Math.max(Math.sqrt(variance), 1e-6 * Math.abs(delta), Number.MIN_VALUE);
    return {
      d: delta / s,
      gradient: () => {
        // Both sides first, then the difference: exchanging the sides then turns every number round exactly.
        const scatterTimesVector = new Float64Array(dim);
        sides.forEach(({ rows, share }, side) => {
          const ofSide = multiplyTransposed(rows, dim, projections[side] as Float64Array);
          addScaled(scatterTimesVector, ofSide, share);
        });
        const result = scaled(difference, 1 / s);
        addScaled(result, scatterTimesVector, -delta / s ** 3);
        return result;
      },
    };
  };
}
