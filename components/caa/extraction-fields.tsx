"use client";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { useSteerables } from "#lib/client/chat/queries.ts";

/** Where a dataset goes in the pipeline. */
export interface ExtractionWish {
  trait: string;
  experiment: string;
  model: string;
}

interface ExtractionFieldsProps {
  wish: ExtractionWish;
  onWish(change: Partial<ExtractionWish>): void;
}

export function ExtractionFields({ wish, onWish }: ExtractionFieldsProps) {
  const { data } = useSteerables();
  const models = [...new Set([...(data?.models.map(({ id }) => id) ?? []), wish.model])];
  const plain = { required: true, autoCapitalize: "none", spellCheck: false };
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      <TextField
        label="Trait"
        hint="Becomes caa/…; a judge knows it by this name"
        value={wish.trait}
        onChange={(event) => onWish({ trait: event.target.value })}
        {...plain}
      />
      <TextField
        label="Experiment"
        hint="A new one"
        value={wish.experiment}
        onChange={(event) => onWish({ experiment: event.target.value })}
        {...plain}
      />
      <SelectField
        label="Model"
        value={wish.model}
        onChange={(event) => onWish({ model: event.target.value })}
      >
        {models.map((model) => (
          <option key={model} value={model}>
            {model}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

/** `Social anxiety` → `social-anxiety` */
export function nameOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 48);
}
