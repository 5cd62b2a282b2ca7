"use client";
import { CheckField, SelectField, TextArea, TextField } from "#components/ui/field.tsx";
import { useRefineryInputs } from "#lib/client/refinery.ts";
import { payloadTypes } from "#lib/refinery/payload-types.ts";
import { type InputChoice, type InputName, inputNames, type RefineryForm } from "./form.ts";
import { inputWords } from "./words.ts";

interface FormProps {
  form: RefineryForm;
  onForm(change: Partial<RefineryForm>): void;
}

/** What is given, and what the teacher writes first. */
export function InputFields({ form, onForm }: FormProps) {
  return (
    <fieldset className="space-y-3">
      <legend className="mb-2 font-medium text-sm">Inputs</legend>
      <div className="grid gap-3 md:grid-cols-3">
        {inputNames.map((name) => (
          <InputField
            key={name}
            name={name}
            choice={form.inputs[name]}
            onChoice={(change) =>
              onForm({ inputs: { ...form.inputs, [name]: { ...form.inputs[name], ...change } } })
            }
          />
        ))}
      </div>
      {form.inputs.plan.from === "teacher" && <Topics form={form} onForm={onForm} />}
    </fieldset>
  );
}

interface InputFieldProps {
  name: InputName;
  choice: InputChoice;
  onChoice(change: Partial<InputChoice>): void;
}

function InputField({ name, choice, onChoice }: InputFieldProps) {
  const { data } = useRefineryInputs();
  const earlier = data?.inputs.filter(({ kind }) => kind === name) ?? [];
  const title = inputWords[name];
  return (
    <div className="space-y-2">
      <SelectField
        label={title}
        value={choice.from}
        onChange={(event) => onChoice({ from: event.target.value as InputChoice["from"] })}
      >
        <option value="teacher">{name === "plan" ? "from topics" : "written by the teacher"}</option>
        <option value="file">a file (JSON Lines)</option>
        <option value="build" disabled={earlier.length === 0}>
          those of an earlier build
        </option>
      </SelectField>
      {choice.from === "file" && (
        <TextField
          label={`${title}: file`}
          type="file"
          accept=".jsonl,.ndjson,.json"
          onChange={(event) => onChoice({ file: event.target.files?.[0] ?? null })}
        />
      )}
      {choice.from === "build" && (
        <SelectField
          label={`${title}: build`}
          value={choice.path}
          onChange={(event) => onChoice({ path: event.target.value })}
        >
          <option value="">choose one</option>
          {earlier.map(({ build, path }) => (
            <option key={path} value={path}>
              {build}
            </option>
          ))}
        </SelectField>
      )}
    </div>
  );
}

function Topics({ form, onForm }: FormProps) {
  return (
    <div className="space-y-3">
      <TextArea
        label="Topics"
        hint="One a line. The teacher writes requests about each."
        rows={3}
        value={form.topics}
        onChange={(event) => onForm({ topics: event.target.value })}
      />
      <div className="flex flex-wrap gap-x-6 gap-y-3">
        <TextField
          label="Requests a topic"
          type="number"
          min={1}
          max={50}
          className="w-36"
          value={form.count}
          onChange={(event) => onForm({ count: event.target.value })}
        />
        <fieldset>
          <legend className="mb-0.5 font-medium text-sm">Kinds of answers</legend>
          <div className="flex flex-wrap gap-x-4 gap-y-1">
            {payloadTypes.map((type) => (
              <CheckField
                key={type}
                label={type.replaceAll("_", " ")}
                checked={form.types.includes(type)}
                onChange={(event) =>
                  onForm({
                    types: payloadTypes.filter((one) =>
                      one === type ? event.target.checked : form.types.includes(one),
                    ),
                  })
                }
              />
            ))}
          </div>
        </fieldset>
      </div>
    </div>
  );
}
