/** Adam's running moments over one parameter vector (Kingma & Ba 2015), default betas. */
export interface Adam {
  /** Moves `parameters` down the gradient, in place, each by about `rate` at first. */
  step(parameters: Float64Array, gradient: Float64Array, rate: number): void;
}

export function createAdam(size: number, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8): Adam {
  const first = new Float64Array(size);
  const second = new Float64Array(size);
  let steps = 0;
  return {
    step(parameters, gradient, rate) {
      steps += 1;
      const correction1 = 1 - beta1 ** steps;
      const correction2 = 1 - beta2 ** steps;
      for (let at = 0; at < size; at++) {
        const slope = gradient[at] as number;
        const m = beta1 * (first[at] as number) + (1 - beta1) * slope;
        const v = beta2 * (second[at] as number) + (1 - beta2) * slope * slope;
        first[at] = m;
        second[at] = v;
        parameters[at] =
          (parameters[at] as number) - (rate * (m / correction1)) / (Math.sqrt(v / correction2) + epsilon);
      }
    },
  };
}
