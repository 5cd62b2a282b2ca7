import { SelectField } from "#components/ui/field.tsx";
import { labelsOf } from "#lib/traits/import/mapping.ts";
import type { Table } from "#lib/traits/import/table.ts";
import { type MappingForm, withLabelColumn } from "./mapping-form.ts";

interface ColumnMappingProps {
  table: Table;
  form: MappingForm;
  onForm(form: MappingForm): void;
}

const kinds = [
  ["pairs", "A pair: both sides in columns of their own"],
  ["labelled", "One scenario, and a label that says its side"],
] as const;

/** Which column is what. */
export function ColumnMappingFields({ table, form, onForm }: ColumnMappingProps) {
  const { columns } = table;
  const edit = (change: Partial<MappingForm>) => onForm({ ...form, ...change });
  const field = (
    key: "positive" | "negative" | "positiveSystem" | "negativeSystem" | "prompt" | "system",
  ) => ({
    value: form[key],
    onChange: (event: React.ChangeEvent<HTMLSelectElement>) => edit({ [key]: event.target.value }),
  });
  return (
    <fieldset className="space-y-3 rounded-lg border p-3">
      <legend className="px-1 font-medium text-sm">What a row holds</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-1">
        {kinds.map(([kind, title]) => (
          <label key={kind} className="flex items-center gap-2 text-sm">
            <input
              type="radio"
              name="row-kind"
              className="size-4 accent-accent"
              checked={form.kind === kind}
              onChange={() => edit({ kind })}
            />
            {title}
          </label>
        ))}
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        {form.kind === "pairs" ? (
          <>
            <SelectField label="+ Positive" {...field("positive")}>
              <Options names={columns} none="Choose a column" />
            </SelectField>
            <SelectField label="− Negative" {...field("negative")}>
              <Options names={columns} none="Choose a column" />
            </SelectField>
            <SelectField label="Positive's system prompt" {...field("positiveSystem")}>
              <Options names={columns} none="None" />
            </SelectField>
            <SelectField label="Negative's system prompt" {...field("negativeSystem")}>
              <Options names={columns} none="None" />
            </SelectField>
          </>
        ) : (
          <>
            <SelectField label="Scenario" {...field("prompt")}>
              <Options names={columns} none="Choose a column" />
            </SelectField>
            <SelectField label="System prompt" {...field("system")}>
              <Options names={columns} none="None" />
            </SelectField>
            <SelectField
              label="Label"
              value={form.label}
              onChange={(event) => onForm(withLabelColumn(form, event.target.value, table))}
            >
              <Options names={columns} none="Choose a column" />
            </SelectField>
            <Labels table={table} form={form} onForm={onForm} />
          </>
        )}
      </div>
    </fieldset>
  );
}

const MOST_LABELS = 100;

/** Which label is which side. */
function Labels({ table, form, onForm }: ColumnMappingProps) {
  if (form.label === "") return null;
  const { labels } = labelsOf(table, form.label);
  if (labels.length > MOST_LABELS) {
    return (
      <p className="text-bad text-sm">More than {MOST_LABELS} different labels: choose another column.</p>
    );
  }
  return (
    <div className="grid grid-cols-2 gap-3">
      <SelectField
        label="+ is"
        value={form.positiveLabel}
        onChange={(event) => onForm({ ...form, positiveLabel: event.target.value })}
      >
        <Options names={labels} none="Choose" />
      </SelectField>
      <SelectField
        label="− is"
        value={form.negativeLabel}
        onChange={(event) => onForm({ ...form, negativeLabel: event.target.value })}
      >
        <Options names={labels} none="Choose" />
      </SelectField>
    </div>
  );
}

function Options({ names, none }: { names: readonly string[]; none: string }) {
  return (
    <>
      <option value="">{none}</option>
      {names
        .filter((name) => name !== "")
        .map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
    </>
  );
}
