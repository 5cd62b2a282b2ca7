import { useId } from "react";
import { decimal, signed } from "#components/format.ts";
import type { Strength } from "./choices.ts";

interface StrengthSliderProps {
  label: string;
  strength: Strength;
  onChange(coef: number): void;
}

const REACH = 2;

/** A coefficient as a share of the layer's mean norm, from −2 to 2, the suggested range marked below. */
export function StrengthSlider({ label, strength, onChange }: StrengthSliderProps) {
  const id = useId();
  const { norm, ratio, suggested, coef } = strength;
  const unit = norm ?? 10;
  const value = coef / unit;
  const place = (at: number) => `${((at + REACH) / (2 * REACH)) * 100}%`;
  return (
    <div>
      <label htmlFor={id} className="mb-0.5 flex justify-between gap-2 font-medium text-sm">
        {label}
        <output htmlFor={id} className="font-normal text-muted">
          {ratio === null ? `coefficient ${signed(coef, 2)}` : `${signed(ratio, 2)} × mean norm`}
        </output>
      </label>
      <input
        id={id}
        type="range"
        min={-REACH}
        max={REACH}
        step={0.05}
        value={Math.min(Math.max(value, -REACH), REACH)}
        onChange={(event) => onChange(Number(event.target.value) * unit)}
        aria-describedby={`${id}-note`}
        className="w-full accent-accent"
      />
      {suggested && (
        <div aria-hidden className="relative mx-2 h-1 rounded bg-raised">
          <div
            className="absolute h-1 rounded bg-good"
            style={{
              left: place(Math.max(-REACH, suggested[0])),
              right: `calc(100% - ${place(Math.min(REACH, suggested[1]))})`,
            }}
          />
        </div>
      )}
      <p id={`${id}-note`} className="mt-0.5 text-muted text-xs">
        {suggested
          ? `Coherent in the sweep: ${decimal(suggested[0])} to ${decimal(suggested[1])} (marked).`
          : "No sweep says yet how far the text holds."}
      </p>
    </div>
  );
}
