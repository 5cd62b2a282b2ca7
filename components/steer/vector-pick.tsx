import { SelectField } from "#components/ui/field.tsx";
import type { Steerables } from "#lib/chat/api.ts";
import type { VectorName } from "#lib/chat/steering-choice.ts";
import { layersOf, traitOf } from "./choices.ts";

interface VectorPickProps {
  vector: VectorName;
  all: Steerables;
  onChange(vector: VectorName): void;
}

/** Which vector: an experiment's trait, a method and a layer. Another trait begins with its best. */
export function VectorPick({ vector, all, onChange }: VectorPickProps) {
  const trait = traitOf(all, vector);
  const layers = layersOf(trait, vector.method);
  const retrait = (value: string) => {
    const [experiment = "", id = ""] = value.split(" ");
    const next = traitOf(all, { experiment, trait: id });
    const method = next?.best?.method ?? next?.methods[0]?.method ?? "";
    const known = layersOf(next, method);
    const layer = next?.best?.layer ?? known[Math.floor(known.length / 2)] ?? 0;
    onChange({ experiment, trait: id, method, layer });
  };
  return (
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
        onChange={(event) => onChange({ ...vector, layer: Number(event.target.value) })}
      >
        {(layers.length > 0 ? layers : [vector.layer]).map((layer) => (
          <option key={layer} value={layer}>
            {layer}
            {trait?.best?.layer === layer && trait.best.method === vector.method ? " ★" : ""}
          </option>
        ))}
      </SelectField>
    </div>
  );
}
