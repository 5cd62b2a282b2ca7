import { addScaled, dot, norm, scaled } from "#lib/core/linear.ts";
import { gaussian, type Rng } from "#lib/core/rng.ts";

const STEPS = 32;
const MAX_RESTARTS = 60;

export interface TopEigenpair {
  value: number;
  /** Unit norm. */
  vector: Float64Array;
  converged: boolean;
}

/**
 * The largest eigenvalue of a symmetric positive semidefinite matrix, and its eigenvector: restarted Lanczos with full
 * reorthogonalisation (Golub & Van Loan, chapter 10). Converged when ‖Av − λv‖ <= 1e-9 λ.
 * @param apply v ↦ A v @param size dimension of A @param rng for the start vector
 * Null when A is zero.
 */
export function topEigenpair(
  apply: (vector: Float64Array) => Float64Array,
  size: number,
  rng: Rng,
): TopEigenpair | null {
  let vector = unit(Float64Array.from({ length: size }, () => gaussian(rng)));
  let value = 0;
  for (let restart = 0; restart < MAX_RESTARTS; restart++) {
    const ritz = lanczos(apply, vector, Math.min(STEPS, size));
    if (ritz === null) return null;
    ({ value, vector } = ritz);
    const rest = apply(vector);
    addScaled(rest, vector, -value);
    if (norm(rest) <= 1e-9 * value) return { value, vector, converged: true };
  }
  return { value, vector, converged: false };
}

/** The best pair in the Krylov space of `start`. Null when A·start is zero. */
function lanczos(apply: (vector: Float64Array) => Float64Array, start: Float64Array, steps: number) {
  const basis: Float64Array[] = [start];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  for (let step = 0; step < steps; step++) {
    const image = apply(basis[step] as Float64Array);
    diagonal.push(dot(image, basis[step] as Float64Array));
    // Twice is enough: the second pass removes what rounding left (Kahan).
    for (let pass = 0; pass < 2; pass++) {
      for (const known of basis) addScaled(image, known, -dot(image, known));
    }
    const rest = norm(image);
    const scale = Math.max(...diagonal.map(Math.abs));
    if (step === 0 && scale === 0 && rest === 0) return null;
    if (rest <= 1e-13 * scale || step === steps - 1) break;
    offDiagonal.push(rest);
    basis.push(scaled(image, 1 / rest));
  }
  const { value, coordinates } = topOfTridiagonal(diagonal, offDiagonal);
  const vector = new Float64Array(start.length);
  basis.forEach((member, at) => {
    addScaled(vector, member, coordinates[at] as number);
  });
  return { value, vector: unit(vector) };
}

/** Largest eigenpair of a symmetric tridiagonal matrix, by bisection on Sturm counts, then inverse iteration. */
function topOfTridiagonal(diagonal: readonly number[], offDiagonal: readonly number[]) {
  const reach = (at: number) => Math.abs(offDiagonal[at - 1] ?? 0) + Math.abs(offDiagonal[at] ?? 0);
  let low = Math.max(...diagonal);
  let high = Math.max(...diagonal.map((value, at) => value + reach(at)));
  const tiny = Math.max(Math.abs(high), Number.MIN_VALUE) * 1e-15;
  for (let round = 0; round < 100 && high - low > tiny; round++) {
    const middle = (low + high) / 2;
    if (isAboveSpectrum(middle)) high = middle;
    else low = middle;
  }
  const value = (low + high) / 2;
  let coordinates: Float64Array = Float64Array.from(diagonal, () => 1);
  for (let round = 0; round < 3; round++) coordinates = unit(solveShifted(value + 4 * tiny, coordinates));
  return { value, coordinates };

  /** True when every eigenvalue is below x: all pivots of T − x are negative. */
  function isAboveSpectrum(x: number): boolean {
    let pivot = -1;
    for (let at = 0; at < diagonal.length; at++) {
      const coupling = at === 0 ? 0 : (offDiagonal[at - 1] as number) ** 2 / pivot;
      pivot = (diagonal[at] as number) - x - coupling;
      if (pivot >= 0) return false;
    }
    return true;
  }

  /** (x − T)⁻¹ right; x − T is positive definite just above the spectrum, so no pivoting is needed. */
  function solveShifted(x: number, right: Float64Array): Float64Array {
    const pivots = new Float64Array(right.length);
    const solution = right.slice();
    for (let at = 0; at < right.length; at++) {
      const factor = at === 0 ? 0 : -(offDiagonal[at - 1] as number) / (pivots[at - 1] as number);
      const pivot = x - (diagonal[at] as number) + factor * (at === 0 ? 0 : (offDiagonal[at - 1] as number));
      pivots[at] = Math.abs(pivot) < tiny ? tiny : pivot;
      if (at > 0) solution[at] = (solution[at] as number) - factor * (solution[at - 1] as number);
    }
    for (let at = right.length - 1; at >= 0; at--) {
      const above = at === right.length - 1 ? 0 : -(offDiagonal[at] as number) * (solution[at + 1] as number);
      solution[at] = ((solution[at] as number) - above) / (pivots[at] as number);
    }
    return solution;
  }
}

function unit(vector: Float64Array): Float64Array {
  const length = norm(vector);
  return length > 0 ? scaled(vector, 1 / length) : vector;
}
