import { X } from "lucide-react";
import { decimal } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { SelectField, TextField } from "#components/ui/field.tsx";
import type { Steerables } from "#lib/chat/api.ts";
import { steerOperators } from "#lib/engine/contract.ts";
import { layersOf, strengthOf, traitOf } from "./choices.ts";
import { StrengthSlider } from "./strength-slider.tsx";
import type { ChosenVector } from "./use-settings.ts";

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
  const layers = layersOf(trait, vector.method);
  const strength = strengthOf(trait, vector);
  const name = `Vector ${place + 1}`;
  const retrait = (value: string) => {
    const [experiment = "", id = ""] = value.split(" ");
    const next = traitOf(all, { experiment, trait: id });
    const method = next?.best?.method ?? next?.methods[0]?.method ?? "";
    const known = layersOf(next, method);
    const layer = next?.best?.layer ?? known[Math.floor(known.length / 2)] ?? 0;
    onChange({ ...vector, experiment, trait: id, method, layer, coef: next?.best?.coef ?? 0 });
  };
  /** Another layer has another norm: the ratio stays. */
  const relayer = (layer: number) => {
    const before = trait?.norms[vector.layer];
    const after = trait?.norms[layer];
    const coef = before && after ? (vector.coef / before) * after : vector.coef;
    onChange({ ...vector, layer, coef });
  };
  return (
    <fieldset className="grid gap-3 rounded-md border p-3">
      <legend className="px-1 font-medium text-sm">{name}</legend>
      <div className="grid grid-cols-2 gap-3">
        <SelectField
          className="col-span-2"
          label="Experiment and trait"
          value={`${vector.experiment} ${vector.trait}`}
          error={trait ? undefined : "not found: choose another"}
          onChange={(event) => retrait(event.target.value)}
        >
          {!trait && <option value={`${vector.experiment} ${vector.trait}`}>{vector.trait} (missing)</option>}
          {all.experiments.map(({ experiment, traits }) => (
            <optgroup key={experiment} label={experiment}>
              {traits.map((known) => (
                <option key={known.trait} value={`${experiment} ${known.trait}`}>
                  {known.trait}
                </option>
              ))}
            </optgroup>
          ))}
        </SelectField>
        <SelectField
          label="Method"
          value={vector.method}
          onChange={(event) => onChange({ ...vector, method: event.target.value })}
        >
          {(trait?.methods.map(({ method }) => method) ?? [vector.method]).map((method) => (
            <option key={method}>{method}</option>
          ))}
        </SelectField>
        <SelectField
          label="Layer"
          value={vector.layer}
          onChange={(event) => relayer(Number(event.target.value))}
        >
          {(layers.length > 0 ? layers : [vector.layer]).map((layer) => (
            <option key={layer} value={layer}>
              {layer}
              {trait?.best?.layer === layer && trait.best.method === vector.method ? " ★" : ""}
            </option>
          ))}
        </SelectField>
        <SelectField
          className="col-span-2"
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
      </div>
      {vector.operator !== "ablate" && (
        <>
          <StrengthSlider
            label={`Strength of vector ${place + 1}`}
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
                ? "the layer's mean norm was not measured"
                : `mean norm of layer ${vector.layer}: ${decimal(strength.norm)}`
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
