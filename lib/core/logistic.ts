import { addScaled, dot, multiply, multiplyTransposed } from "./linear.ts";

/**
 * How coefficients stand for weights w over rows X [n, dim]. Newton's method needs only these three, so one solver
 * works in `dim` dimensions and in the span of the rows alike.
 */
export interface WeightSpace {
  /** Number of coefficients. */
  size: number;
  /** X w [n]. */
  logits(coefficients: Float64Array): Float64Array;
  /** Coefficients of Xᵀ r. @param r [n] */
  pull(r: Float64Array): Float64Array;
  /** ⟨u, w⟩ given u's coefficients and w's coefficients and logits. */
  inner(u: Float64Array, w: Float64Array, logitsOfW: Float64Array): number;
}

export interface LogisticFit {
  /** Coefficients of w in the space that was given. */
  coefficients: Float64Array;
  bias: number;
  iterations: number;
  converged: boolean;
}

interface Point {
  coefficients: Float64Array;
  bias: number;
  /** X w, without the bias. */
  logits: Float64Array;
}

const MAX_ITERATIONS = 100;

/**
 * Minimises ½‖w‖² + C Σ log(1 + exp(−yᵢ(w·xᵢ + b))), the bias b not penalised: the objective of scikit-learn's
 * `LogisticRegression(C)`. Newton's method; each step by conjugate gradients on the Hessian I + C Xᵀ S X, halved until
 * the objective falls. Both classes must be present, or no minimum exists.
 * @param positive [n] true for class 1
 * @param tolerance the fit ends when the gradient's Euclidean norm, bias included, is at most this
 */
export function fitLogistic(
  space: WeightSpace,
  positive: readonly boolean[],
  { C = 1, tolerance = 1e-8 }: { C?: number; tolerance?: number } = {},
): LogisticFit {
  const start = new Float64Array(space.size);
  const share = positive.filter(Boolean).length / positive.length;
  let point: Point = {
    coefficients: start,
    bias: Math.log(share / (1 - share)),
    logits: space.logits(start),
  };
  let loss = objective(space, point, positive, C);
  let iterations = 0;
  let converged = false;
  while (iterations < MAX_ITERATIONS) {
    const { gradient, curvature } = derivatives(space, point, positive, C);
    const size = Math.sqrt(Math.max(0, squared(space, gradient)));
    if (size <= tolerance) {
      converged = true;
      break;
    }
    iterations += 1;
    const step = newtonStep(space, gradient, curvature, size);
    // Near the optimum the objective no longer falls within float64 while the gradient still does.
    const enough = loss + 1e-12 * Math.abs(loss);
    let next = moved(point, step, -1);
    let nextLoss = objective(space, next, positive, C);
    for (let shrink = 0.5; nextLoss > enough && shrink > 1e-4; shrink /= 2) {
      next = moved(point, step, -shrink);
      nextLoss = objective(space, next, positive, C);
    }
    point = next;
    loss = nextLoss;
  }
  return { coefficients: point.coefficients, bias: point.bias, iterations, converged };
}

function objective(space: WeightSpace, point: Point, positive: readonly boolean[], C: number): number {
  let loss = 0.5 * space.inner(point.coefficients, point.coefficients, point.logits);
  for (let at = 0; at < positive.length; at++) {
    const margin = ((point.logits[at] as number) + point.bias) * (positive[at] ? 1 : -1);
    // log(1 + exp(−m)) without overflow.
    loss += C * (Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin))));
  }
  return loss;
}

function derivatives(space: WeightSpace, point: Point, positive: readonly boolean[], C: number) {
  const residual = new Float64Array(positive.length);
  const curvature = new Float64Array(positive.length);
  for (let at = 0; at < positive.length; at++) {
    const probability = 1 / (1 + Math.exp(-((point.logits[at] as number) + point.bias)));
    residual[at] = C * (probability - (positive[at] ? 1 : 0));
    curvature[at] = C * probability * (1 - probability);
  }
  const coefficients = space.pull(residual);
  addScaled(coefficients, point.coefficients, 1);
  const gradient: Point = { coefficients, bias: sum(residual), logits: space.logits(coefficients) };
  return { gradient, curvature };
}

/** Solves H step = gradient by conjugate gradients to one hundredth of the gradient. */
function newtonStep(space: WeightSpace, gradient: Point, curvature: Float64Array, size: number): Point {
  let step: Point = {
    coefficients: new Float64Array(space.size),
    bias: 0,
    logits: new Float64Array(curvature.length),
  };
  let rest = gradient;
  let direction = gradient;
  let restSquared = size * size;
  for (let round = 0; round < 2 * curvature.length + 10; round++) {
    const weighted = curvature.map(
      (weight, at) => weight * ((direction.logits[at] as number) + direction.bias),
    );
    const coefficients = space.pull(weighted);
    addScaled(coefficients, direction.coefficients, 1);
    const image: Point = { coefficients, bias: sum(weighted), logits: space.logits(coefficients) };
    const bend =
      space.inner(direction.coefficients, image.coefficients, image.logits) + direction.bias * image.bias;
    if (!(bend > 0)) break;
    const reach = restSquared / bend;
    step = moved(step, direction, reach);
    rest = moved(rest, image, -reach);
    const nextSquared = squared(space, rest);
    if (!(nextSquared > (0.01 * size) ** 2)) break;
    direction = moved(rest, direction, nextSquared / restSquared);
    restSquared = nextSquared;
  }
  return step;
}

/** origin + factor · direction. */
function moved(origin: Point, direction: Point, factor: number): Point {
  const coefficients = origin.coefficients.slice();
  addScaled(coefficients, direction.coefficients, factor);
  const logits = origin.logits.slice();
  addScaled(logits, direction.logits, factor);
  return { coefficients, bias: origin.bias + factor * direction.bias, logits };
}

function squared(space: WeightSpace, point: Point): number {
  return space.inner(point.coefficients, point.coefficients, point.logits) + point.bias ** 2;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Weights as they are: dim coefficients. @param rows row-major [n, dim] */
export function primalSpace(rows: Float64Array, dim: number): WeightSpace {
  return {
    size: dim,
    logits: (w) => multiply(rows, dim, w),
    pull: (r) => multiplyTransposed(rows, dim, r),
    inner: (u, w) => dot(u, w),
  };
}

/**
 * Weights in the span of the rows, w = Xᵀα: n coefficients and the Gram matrix K = X Xᵀ [n, n] instead of dim
 * dimensions. The minimum of a ridge-penalised fit always lies there.
 */
export function spanSpace(gram: Float64Array, count: number): WeightSpace {
  return {
    size: count,
    logits: (alpha) => multiply(gram, count, alpha),
    pull: (r) => r.slice(),
    inner: (u, _w, logitsOfW) => dot(u, logitsOfW),
  };
}
