/** How a value becomes a colour: sequential for accuracies, diverging around zero for deltas and cosines. */
export type Scale = { kind: "sequential"; low: number; high: number } | { kind: "diverging"; reach: number };

export interface Paint {
  fill: string;
  /** Colour of text on that fill. */
  ink: string;
}

/** Colours are mixed from the palette's variables, so that one scale serves light and dark. */
export function paintOf(value: number | null, scale: Scale): Paint {
  if (value === null) return { fill: "var(--color-nodata)", ink: "var(--color-muted)" };
  const { share, hue } =
    scale.kind === "sequential"
      ? { share: (value - scale.low) / (scale.high - scale.low), hue: "accent" }
      : { share: Math.abs(value) / scale.reach, hue: value < 0 ? "negative" : "positive" };
  const percent = Math.round(Math.min(Math.max(Number.isFinite(share) ? share : 0, 0), 1) * 100);
  return {
    fill: `color-mix(in oklab, var(--color-${hue}) ${percent}%, var(--color-surface))`,
    ink: percent > 60 ? "var(--color-surface)" : "var(--color-ink)",
  };
}

/** Share of a hue over which ink can still be read, light and dark. */
const MOST_TINT = 42;

/** The background of text on a diverging scale: never so strong that ordinary ink would not stand out from it. */
export function tintOf(value: number, reach: number): string {
  const percent = Math.round(Math.min(1, Math.abs(value) / reach) * MOST_TINT);
  return `color-mix(in oklab, var(--color-${value < 0 ? "negative" : "positive"}) ${percent}%, var(--color-surface))`;
}
