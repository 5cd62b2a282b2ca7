"use client";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { useSteerables } from "#lib/client/chat/queries.ts";
import { useSetJudgeKey } from "#lib/client/queries.ts";
import { type RunDevice, runDevices } from "#lib/engine/run-device.ts";
import { openRouterUrl, type TeacherSettings } from "#lib/teacher/settings.ts";
import { SecretField } from "./secret-field.tsx";

interface TeacherFieldsProps {
  teacher: TeacherSettings;
  onTeacher(change: Partial<TeacherSettings>): void;
  /** Calls a minute that an API is asked for at first; null: no limit. */
  apiRpm?: number | null;
}

const deviceNames: Record<RunDevice, string> = {
  auto: "this server, the fastest",
  cpu: "this server, CPU",
  cuda: "this server, CUDA",
  webgpu: "this server, WebGPU",
  browser: "any browser that lends itself",
  "browser-webgpu": "a browser, WebGPU",
  "browser-wasm": "a browser, WASM",
};

/** Which models write, and within which limits. Keys are the server's. */
export function TeacherFields({ teacher, onTeacher, apiRpm = null }: TeacherFieldsProps) {
  const { provider } = teacher;
  const place = provider === "builtin" ? "builtin" : provider === openRouterUrl ? "openrouter" : "other";
  const onPlace = (next: string) => {
    if (next === place) return;
    if (next === "builtin") onTeacher({ provider: "builtin", models: ["demo"], rpm: null });
    else {
      const address = next === "openrouter" ? openRouterUrl : "https://";
      onTeacher({ provider: address, models: [""], rpm: apiRpm });
    }
  };
  const plain = { autoCapitalize: "none", spellCheck: false, required: true };
  return (
    <fieldset className="space-y-3">
      <legend className="mb-2 font-medium text-sm">Teacher: the model that writes</legend>
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        <SelectField label="Provider" value={place} onChange={(event) => onPlace(event.target.value)}>
          <option value="builtin">an installed model</option>
          <option value="openrouter">OpenRouter</option>
          <option value="other">another OpenAI-compatible API</option>
        </SelectField>
        {place === "other" && (
          <TextField
            label="Address"
            hint="Usually ends in /v1"
            placeholder="http://localhost:8000/v1"
            value={provider}
            onChange={(event) => onTeacher({ provider: event.target.value })}
            {...plain}
          />
        )}
        {place === "builtin" ? (
          <InstalledModel {...{ teacher, onTeacher }} />
        ) : (
          <TextField
            label="Models"
            hint="The first is asked; the next, after a comma, where it is not to be had (404, 402)."
            value={teacher.models.join(",")}
            onChange={(event) =>
              onTeacher({ models: event.target.value.split(",").map((name) => name.trim()) })
            }
            {...plain}
          />
        )}
        {place === "builtin" && (
          <SelectField
            label="Runs on"
            value={teacher.device}
            onChange={(event) => onTeacher({ device: event.target.value as RunDevice })}
          >
            {runDevices.map((device) => (
              <option key={device} value={device}>
                {deviceNames[device]}
              </option>
            ))}
          </SelectField>
        )}
      </div>
      {place !== "builtin" && <EndpointKey endpoint={provider} />}
      <Limits {...{ teacher, onTeacher }} />
    </fieldset>
  );
}

/** The key of an endpoint, for all that ask it. */
function EndpointKey({ endpoint }: { endpoint: string }) {
  const { mutateAsync } = useSetJudgeKey();
  const variable = endpoint === openRouterUrl ? "OPENROUTER_API_KEY" : "TILLER_JUDGE_KEY";
  return (
    <div className="max-w-md">
      <SecretField
        label="Key"
        hint={`Stays on the server; or set ${variable} where it runs. None for a server that asks for none.`}
        save={(key) => mutateAsync({ endpoint, key })}
      />
    </div>
  );
}

function InstalledModel({ teacher, onTeacher }: TeacherFieldsProps) {
  const { data } = useSteerables();
  const installed = data?.models.map(({ id }) => id) ?? [];
  const names = [...new Set([...installed, ...teacher.models])];
  return (
    <SelectField
      label="Model"
      value={teacher.models[0] ?? ""}
      onChange={(event) => onTeacher({ models: [event.target.value] })}
    >
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}

function Limits({ teacher, onTeacher }: TeacherFieldsProps) {
  const optional = (text: string) => (text.trim() === "" ? null : Number(text));
  return (
    <details>
      <summary className="cursor-pointer text-sm">
        Limits: workers {teacher.workers}, calls a minute {teacher.rpm ?? "any"}, cap{" "}
        {teacher.max_cost_usd === null ? "none" : `$${teacher.max_cost_usd}`}
      </summary>
      <div className="mt-2 grid gap-3 sm:grid-cols-3 lg:grid-cols-5">
        <NumberField
          label="Workers"
          hint="Calls at once"
          min={1}
          value={teacher.workers}
          onValue={(text) => onTeacher({ workers: Number(text) })}
        />
        <NumberField
          label="Calls a minute"
          hint="Empty: no limit"
          min={1}
          value={teacher.rpm}
          onValue={(text) => onTeacher({ rpm: optional(text) })}
        />
        <NumberField
          label="Time-out (s)"
          min={1}
          value={teacher.timeout_seconds}
          onValue={(text) => onTeacher({ timeout_seconds: Number(text) })}
        />
        <NumberField
          label="Attempts"
          hint="A call, the first included"
          min={1}
          value={teacher.max_attempts}
          onValue={(text) => onTeacher({ max_attempts: Number(text) })}
        />
        <NumberField
          label="Spending cap ($)"
          hint="Empty: none"
          min={0}
          step="any"
          value={teacher.max_cost_usd}
          onValue={(text) => onTeacher({ max_cost_usd: optional(text) })}
        />
      </div>
    </details>
  );
}

interface NumberFieldProps {
  label: string;
  hint?: string;
  min: number;
  step?: string;
  value: number | null;
  onValue(text: string): void;
}

function NumberField({ value, onValue, ...field }: NumberFieldProps) {
  return (
    <TextField
      type="number"
      inputMode="decimal"
      value={value === null || value === 0 ? "" : value}
      onChange={(event) => onValue(event.target.value)}
      {...field}
    />
  );
}
