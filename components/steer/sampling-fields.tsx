import { browserDeviceNames } from "#components/runs/device-options.tsx";
import { SelectField, TextField } from "#components/ui/field.tsx";
import type { Steerables } from "#lib/chat/api.ts";
import { tokenScopes } from "#lib/chat/steering-choice.ts";
import { useBrowserDevices } from "#lib/client/browser-devices.ts";
import { devices, type SetSettings, type Settings } from "./use-settings.ts";

interface SamplingFieldsProps {
  all: Steerables;
  model: string;
  settings: Settings;
  setSettings: SetSettings;
}

const scopeNames = {
  default: "the answer and the prompt's last token",
  generated: "the answer only",
  prompt: "the prompt only",
  all: "every token",
} as const;

/** Which model answers, where it runs, how it samples, and which tokens are steered. */
export function SamplingFields({ all, model, settings, setSettings }: SamplingFieldsProps) {
  const browser = useBrowserDevices() ?? [];
  const numberOf = (text: string, least: number) =>
    Number.isFinite(Number(text)) ? Math.max(least, Number(text)) : least;
  return (
    <div className="grid grid-cols-2 gap-3">
      <SelectField
        label="Model"
        value={model}
        onChange={(event) => setSettings({ model: event.target.value })}
      >
        {!all.models.some(({ id }) => id === model) && <option value={model}>{model} (not installed)</option>}
        {all.models.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Runs on"
        value={settings.device}
        onChange={(event) =>
          setSettings({ device: devices.find((known) => known === event.target.value) ?? "server" })
        }
      >
        <option value="server">this server</option>
        {browser.map(({ device, available, reason }) => (
          <option key={device} value={device} disabled={!available}>
            this browser ({browserDeviceNames[device]}){available ? "" : `: ${reason}`}
          </option>
        ))}
      </SelectField>
      <SelectField
        className="col-span-2"
        label="Steered tokens"
        value={settings.tokens}
        onChange={(event) =>
          setSettings({ tokens: tokenScopes.find((known) => known === event.target.value) ?? "default" })
        }
      >
        {tokenScopes.map((scope) => (
          <option key={scope} value={scope}>
            {scopeNames[scope]}
          </option>
        ))}
      </SelectField>
      <TextField
        label="Temperature"
        type="number"
        min={0}
        max={2}
        step={0.1}
        hint="0 is greedy"
        value={settings.temperature}
        onChange={(event) => setSettings({ temperature: Math.min(2, numberOf(event.target.value, 0)) })}
      />
      <TextField
        label="Seed"
        type="number"
        step={1}
        hint="the same for both sides"
        value={settings.seed}
        onChange={(event) => setSettings({ seed: Math.trunc(Number(event.target.value) || 0) })}
      />
      <TextField
        label="Longest answer"
        type="number"
        min={1}
        max={4096}
        step={1}
        hint="tokens"
        value={settings.max}
        onChange={(event) =>
          setSettings({ max: Math.min(4096, Math.trunc(numberOf(event.target.value, 1))) })
        }
      />
    </div>
  );
}
