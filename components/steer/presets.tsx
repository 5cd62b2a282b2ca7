"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { type NamedPreset, presetNameSchema } from "#lib/chat/presets.ts";
import type { SteeringChoice } from "#lib/chat/steering-choice.ts";
import { usePresets, useRemovePreset, useSavePreset } from "#lib/client/chat/queries.ts";
import { messageOf } from "#lib/client/request.ts";

interface PresetsProps {
  model: string;
  steering: SteeringChoice | null;
  onLoad(preset: NamedPreset): void;
}

/** Steering kept under a name; the endpoint serves it as a model of that name. */
export function Presets({ model, steering, onLoad }: PresetsProps) {
  const presets = usePresets().data?.presets ?? [];
  const save = useSavePreset();
  const remove = useRemovePreset();
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState("");
  const bad = name === "" ? undefined : presetNameSchema.safeParse(name).error?.issues[0]?.message;
  const failure = save.error ?? remove.error;
  return (
    <div className="grid gap-3">
      {presets.length > 0 && (
        <div className="flex items-end gap-2">
          <SelectField
            className="flex-1"
            label="Saved"
            value={chosen}
            onChange={(event) => {
              setChosen(event.target.value);
              const preset = presets.find((known) => known.name === event.target.value);
              if (preset) onLoad(preset);
            }}
          >
            <option value="">choose one to load it</option>
            {presets.map((preset) => (
              <option key={preset.name}>{preset.name}</option>
            ))}
          </SelectField>
          <Button
            look="danger"
            disabled={chosen === ""}
            onClick={() => remove.mutate(chosen, { onSuccess: () => setChosen("") })}
          >
            Delete
          </Button>
        </div>
      )}
      <form
        className="flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (steering && name !== "" && bad === undefined) save.mutate({ name, model, steering });
        }}
      >
        <TextField
          className="flex-1"
          label="Save as"
          placeholder="cheerful"
          value={name}
          error={bad}
          onChange={(event) => setName(event.target.value.trim())}
        />
        <Button type="submit" disabled={!steering || name === "" || bad !== undefined || save.isPending}>
          {presets.some((preset) => preset.name === name) ? "Replace" : "Save"}
        </Button>
      </form>
      {save.isSuccess && !failure && (
        <p role="status" className="text-muted text-xs">
          Saved as {save.data.name}: presets/{save.data.name}.json
        </p>
      )}
      {failure && <ErrorNote message={messageOf(failure)} />}
    </div>
  );
}
