import { classNames } from "./class-names.ts";

interface ProgressProps {
  done: number;
  total: number;
  label: string;
  tone?: "accent" | "good" | "bad";
}

const tones = { accent: "bg-accent", good: "bg-good", bad: "bg-bad" };

export function Progress({ done, total, label, tone = "accent" }: ProgressProps) {
  const share = total > 0 ? Math.min(done / total, 1) : 0;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      className="h-1.5 overflow-hidden rounded bg-nodata"
    >
      <div
        className={classNames("h-full motion-safe:transition-[width]", tones[tone])}
        style={{ width: `${share * 100}%` }}
      />
    </div>
  );
}
