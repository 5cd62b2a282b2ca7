import { type BrowserDevice, useBrowserDevices } from "#lib/client/browser-devices.ts";
import type { ExperimentResponse } from "#lib/pipeline/api.ts";

export const browserDeviceNames: Record<BrowserDevice, string> = { webgpu: "WebGPU", wasm: "WASM" };

/** The devices a run may use: the server's, then the browser's. */
export function DeviceOptions({ server }: { server: ExperimentResponse["devices"] }) {
  const browser = useBrowserDevices() ?? [];
  return (
    <>
      <optgroup label="This server">
        {server.map(({ device, available, reason }) => (
          <option key={device} value={device} disabled={!available}>
            {device === "auto" ? `the fastest (${reason})` : labelled(device, available, reason)}
          </option>
        ))}
      </optgroup>
      <optgroup label="Browsers">
        {browser.map(({ device, available, reason }) => (
          <option key={device} value={`browser-${device}`} disabled={!available}>
            {labelled(`this browser (${browserDeviceNames[device]})`, available, reason)}
          </option>
        ))}
        <option value="browser">any browser that lends itself</option>
      </optgroup>
    </>
  );
}

function labelled(name: string, available: boolean, reason: string): string {
  return available ? name : `${name} (${reason})`;
}
