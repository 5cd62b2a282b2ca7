import { TextField } from "#components/ui/field.tsx";
import { personalities } from "#lib/caa/personalities.ts";
import type { CaaForm } from "./form.ts";

interface PersonalityFieldProps {
  form: CaaForm;
  onForm(change: Partial<CaaForm>): void;
}

const groups = [...new Set(personalities.map(({ group }) => group))];

/** Whose reactions are contrasted with plain ones: known personalities with their meaning, or any other word. */
export function PersonalityField({ form, onForm }: PersonalityFieldProps) {
  const { known, other } = form;
  const toggle = (name: string, chosen: boolean) =>
    onForm({ known: chosen ? [...known, name] : known.filter((one) => one !== name) });
  return (
    <fieldset className="space-y-3">
      <legend className="mb-2 font-medium text-sm">Personalities: a dataset each</legend>
      {groups.map((group) => (
        <div key={group}>
          <p className="mb-1 text-muted text-xs">{group}</p>
          <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2 lg:grid-cols-3">
            {personalities
              .filter((one) => one.group === group)
              .map(({ name, definition }) => (
                <label key={name} className="flex items-start gap-2 text-sm">
                  <input
                    type="checkbox"
                    className="mt-1 size-4 accent-accent"
                    checked={known.includes(name)}
                    onChange={(event) => toggle(name, event.target.checked)}
                  />
                  <span>
                    {name}
                    <span className="block text-muted text-xs">{definition}</span>
                  </span>
                </label>
              ))}
          </div>
        </div>
      ))}
      <TextField
        label="Any others"
        hint="Words, comma-separated: patience, sarcasm"
        value={other}
        onChange={(event) => onForm({ other: event.target.value })}
      />
    </fieldset>
  );
}
