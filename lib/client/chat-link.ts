/** One vector as the chat page loads it; `coef` is the raw coefficient on the unit vector. */
export interface ChatVector {
  experiment: string;
  trait: string;
  method: string;
  layer: number;
  coef: number;
}

/** The chat page with this vector loaded. Further vectors are further `v` parameters. */
export function chatHref({ experiment, trait, method, layer, coef }: ChatVector): string {
  return `/steer?v=${encodeURIComponent([experiment, trait, method, layer, coef].join(":"))}`;
}
