"use client";
import { SecretField } from "#components/builds/secret-field.tsx";
import { Button } from "#components/ui/button.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { columnRoles } from "#lib/caa/scenarios/columns.ts";
import type { BuildInput, Upload } from "#lib/client/builds.ts";
import { setHubToken, useCaaPreview } from "#lib/client/caa.ts";
import { messageOf } from "#lib/client/request.ts";
import { type CaaForm, type Source, sourceOf, uploadNameOf } from "./form.ts";
import { PreviewTable } from "./preview-table.tsx";

interface SourceFieldsProps {
  form: CaaForm;
  /** The build's name, typed or suggested: an uploaded dataset lies in its folder. */
  name: string;
  /** The chosen file. */
  inputs: BuildInput[];
  upload: Upload;
  /** While a file is on its way. */
  uploading: boolean;
  onForm(change: Partial<CaaForm>): void;
}

const sourceNames: Record<Source, string> = {
  bundled: "the bundled village scenes",
  file: "a file: JSON Lines, CSV, Parquet",
  hub: "a dataset of the Hugging Face Hub",
};

/** Where the situations come from, and which column holds what. */
export function SourceFields({ form, name, inputs, upload, uploading, onForm }: SourceFieldsProps) {
  const { source, file } = form;
  const preview = useCaaPreview(upload);
  const change = (next: Partial<CaaForm>) => {
    preview.reset();
    onForm(next);
  };
  const wish = sourceOf(form);
  const unknownKind = file !== null && uploadNameOf(file) === null;
  const plain = { autoCapitalize: "none", spellCheck: false };
  return (
    <fieldset className="space-y-3">
      <legend className="mb-2 font-medium text-sm">Situations</legend>
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <SelectField
          label="Source"
          value={source}
          onChange={(event) => change({ source: event.target.value as Source, columns: {} })}
        >
          {Object.entries(sourceNames).map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </SelectField>
        {source === "file" && (
          <TextField
            label="File"
            type="file"
            accept=".jsonl,.ndjson,.csv,.parquet"
            error={unknownKind ? "Only .jsonl, .csv and .parquet are read." : undefined}
            onChange={(event) => change({ file: event.target.files?.[0] ?? null, columns: {} })}
          />
        )}
        {source === "hub" && (
          <>
            <TextField
              label="Dataset"
              hint="Its id: owner/name"
              placeholder="allenai/soda"
              value={form.hub}
              onChange={(event) => change({ hub: event.target.value, columns: {} })}
              {...plain}
            />
            <TextField
              label="Configuration"
              hint="Empty: its only one"
              value={form.config}
              onChange={(event) => change({ config: event.target.value })}
              {...plain}
            />
            <TextField
              label="Split"
              hint="Empty: train"
              value={form.split}
              onChange={(event) => change({ split: event.target.value })}
              {...plain}
            />
          </>
        )}
      </div>
      {source === "hub" && (
        <div className="max-w-md">
          <SecretField
            label="Token"
            hint="For private datasets; stays on the server, or set HF_TOKEN where it runs."
            save={setHubToken}
          />
        </div>
      )}
      <Button
        onClick={() => wish && preview.mutate({ name, wish, inputs })}
        disabled={wish === null || uploading || preview.isPending}
      >
        {preview.isPending && !uploading ? "Reading …" : "Preview"}
      </Button>
      {preview.error && <ErrorNote message={messageOf(preview.error)} />}
      {preview.data && (
        <>
          {source !== "bundled" && (
            <ColumnFields
              columns={preview.data.columns}
              form={form}
              mapping={preview.data.mapping}
              onForm={onForm}
            />
          )}
          <PreviewTable preview={preview.data} />
        </>
      )}
    </fieldset>
  );
}

interface ColumnFieldsProps {
  columns: readonly string[];
  form: CaaForm;
  /** As it was understood. */
  mapping: CaaForm["columns"] | null;
  onForm(change: Partial<CaaForm>): void;
}

const roleNames: Record<(typeof columnRoles)[number], string> = {
  situation: "Situation",
  dialogue: "Dialogue",
  speakers: "Speakers",
  name: "Character's name",
  question: "Question",
};

/** Which column is what; Preview shows what comes of it. */
function ColumnFields({ columns, form, mapping, onForm }: ColumnFieldsProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-3 lg:grid-cols-5">
      {columnRoles.map((role) => (
        <SelectField
          key={role}
          label={roleNames[role]}
          value={form.columns[role] ?? ""}
          onChange={(event) => {
            const { [role]: _, ...others } = form.columns;
            const column = event.target.value;
            onForm({ columns: column === "" ? others : { ...others, [role]: column } });
          }}
        >
          <option value="">{mapping?.[role] ? `as guessed: ${mapping[role]}` : "none, or as guessed"}</option>
          {columns.map((column) => (
            <option key={column} value={column}>
              {column}
            </option>
          ))}
        </SelectField>
      ))}
    </div>
  );
}
