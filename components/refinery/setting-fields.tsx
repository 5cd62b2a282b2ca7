import { SelectField, TextField } from "#components/ui/field.tsx";
import type { GatingMode } from "#lib/refinery/modes.ts";
import type { RefineryForm } from "./form.ts";

interface SettingFieldsProps {
  form: RefineryForm;
  /** The name that is taken where none is typed. */
  name: string;
  onForm(change: Partial<RefineryForm>): void;
}

/** How strictly answers are read, how many there are, and how they are written. */
export function SettingFields({ form, name, onForm }: SettingFieldsProps) {
  const text = (key: "name" | "limit" | "maxTokens" | "temperature" | "topP") => ({
    value: form[key],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => onForm({ [key]: event.target.value }),
  });
  const decimals = { type: "number", inputMode: "decimal", step: "any", min: 0 } as const;
  return (
    <fieldset>
      <legend className="mb-2 font-medium text-sm">Dataset</legend>
      <div className="grid gap-3 sm:grid-cols-3">
        <TextField label="Name" hint="Of its folder" placeholder={name} {...text("name")} />
        <SelectField
          label="Answers are read"
          value={form.gating}
          onChange={(event) => onForm({ gating: event.target.value as GatingMode })}
        >
          <option value="strict">strictly: JSON and nothing else</option>
          <option value="lenient">leniently: a Markdown fence is tolerated</option>
        </SelectField>
        <TextField
          label="Records at most"
          hint="Empty: all of the plan"
          type="number"
          min={1}
          {...text("limit")}
        />
        <TextField label="Tokens an answer" type="number" min={1} {...text("maxTokens")} />
        <TextField label="Temperature" {...decimals} max={2} {...text("temperature")} />
        <TextField label="Top p" {...decimals} max={1} {...text("topP")} />
      </div>
    </fieldset>
  );
}
