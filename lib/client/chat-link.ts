import { formatSteeredVector, type VectorName } from "#lib/chat/steering-choice.ts";

/** The chat page with this vector added at a raw coefficient. Further vectors are further `v` parameters. */
export function chatHref({ coef, ...name }: VectorName & { coef: number }): string {
  return `/steer?v=${encodeURIComponent(formatSteeredVector({ ...name, coef, operator: "add" }))}`;
}
