import { X } from "lucide-react";
import { decimal } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { SelectField, TextField } from "#components/ui/field.tsx";
import type { Steerables } from "#lib/chat/api.ts";
import type { VectorName } from "#lib/chat/steering-choice.ts";
import { steerOperators } from "#lib/engine/contract.ts";
import { strengthOf, traitOf } from "./choices.ts";
import { StrengthSlider } from "./strength-slider.tsx";
import type { ChosenVector } from "./use-settings.ts";
import { VectorPick } from "./vector-pick.tsx";

interface VectorControlsProps {
  place: number;
  vector: ChosenVector;
  all: Steerables;
  onChange(vector: ChosenVector): void;
  onRemove(): void;
}

const operatorNames = {
  add: "add: h + coef·v",
  ablate: "ablate: take its direction out",
  clamp: "clamp: hold the projection",
} as const;

/** One vector: which, at which layer, what is done with it and how strongly. */
export function VectorControls({ place, vector, all, onChange, onRemove }: VectorControlsProps) {
  const trait = traitOf(all, vector);
  const strength = strengthOf(trait, vector);
  /** Another trait begins where it worked best; another layer has another norm, and the ratio stays. */
  const pick = (next: VectorName) => {
    if (next.experiment !== vector.experiment || next.trait !== vector.trait) {
      return onChange({ ...vector, ...next, coef: traitOf(all, next)?.best?.coef ?? 0 });
    }
    const before = trait?.norms[vector.layer];
    const after = trait?.norms[next.layer];
    const coef = before && after ? (vector.coef / before) * after : vector.coef;
    onChange({ ...vector, ...next, coef });
  };
  return (
    <fieldset className="grid gap-3 rounded-md border p-3">
      <legend className="px-1 font-medium text-sm">Vector {place + 1}</legend>
      <VectorPick vector={vector} all={all} onChange={pick} />
      <SelectField
        label="Operation"
        value={vector.operator}
        onChange={(event) =>
          onChange({
            ...vector,
            operator: steerOperators.find((known) => known === event.target.value) ?? "add",
          })
        }
      >
        {steerOperators.map((operator) => (
          <option key={operator} value={operator}>
            {operatorNames[operator]}
          </option>
        ))}
      </SelectField>
      {vector.operator !== "ablate" && (
        <>
          <StrengthSlider
            label="Strength"
            strength={strength}
            onChange={(coef) => onChange({ ...vector, coef })}
          />
          <TextField
            label={vector.operator === "clamp" ? "Projection to hold" : "Coefficient (raw)"}
            type="number"
            step="any"
            value={Number(vector.coef.toFixed(4))}
            hint={
              strength.norm === null
                ? "on the unit vector; the layer's mean norm was not measured"
                : `on the unit vector; mean norm of layer ${vector.layer}: ${decimal(strength.norm)}`
            }
            onChange={(event) => onChange({ ...vector, coef: Number(event.target.value) || 0 })}
          />
        </>
      )}
      {strength.warning && vector.operator !== "ablate" && (
        <p role="status" className="text-sm text-warn">
          ! {strength.warning}
        </p>
      )}
      <Button look="quiet" onClick={onRemove} aria-label={`Remove vector ${place + 1}`}>
        <X size={14} aria-hidden /> Remove
      </Button>
    </fieldset>
  );
}
