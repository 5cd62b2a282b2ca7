import type { Thresholds } from "#lib/core/thresholds.ts";

interface ThresholdFieldsProps {
  thresholds: Thresholds;
  onThresholds(thresholds: Thresholds): void;
}

const names = {
  pos_threshold: "A positive passes from",
  neg_threshold: "A negative passes up to",
} as const;

/** Both thresholds as sliders with a number beside each; the lower one never gets above the upper one. */
export function ThresholdFields({ thresholds, onThresholds }: ThresholdFieldsProps) {
  const set = (name: keyof Thresholds, typed: string) => {
    const value = Number(typed);
    if (typed === "" || !Number.isFinite(value) || value < 0 || value > 100) return;
    const next = { ...thresholds, [name]: value };
    onThresholds(
      name === "pos_threshold"
        ? { ...next, neg_threshold: Math.min(next.neg_threshold, value) }
        : { ...next, pos_threshold: Math.max(next.pos_threshold, value) },
    );
  };
  return (
    <div className="space-y-2">
      {(["pos_threshold", "neg_threshold"] as const).map((name) => (
        <fieldset key={name}>
          <legend className="font-medium text-sm">{names[name]}</legend>
          <div className="flex items-center gap-2">
            <input
              type="range"
              min={0}
              max={100}
              aria-label={`${names[name]}, slider`}
              className="min-w-0 flex-1 accent-accent"
              value={thresholds[name]}
              onChange={(event) => set(name, event.target.value)}
            />
            <input
              type="number"
              min={0}
              max={100}
              aria-label={names[name]}
              className="min-h-8 w-20 rounded-md border bg-surface px-2 text-sm"
              value={thresholds[name]}
              onChange={(event) => set(name, event.target.value)}
            />
          </div>
        </fieldset>
      ))}
    </div>
  );
}
