import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

const tones = {
  neutral: "text-muted",
  accent: "text-accent",
  good: "text-good",
  warn: "text-warn",
  bad: "text-bad",
  positive: "text-positive",
  negative: "text-negative",
};

export type Tone = keyof typeof tones;

/** A small labelled state; the words carry the meaning, the colour only repeats it. */
export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={classNames(
        "inline-flex items-center gap-1 whitespace-nowrap rounded border border-current/30 px-1.5 py-px text-xs",
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}
