"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { duration } from "#components/format.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { checkDevice, type DeviceCheck } from "#lib/browser/device-check.ts";
import { size } from "#lib/browser/device-fit.ts";
import type { WebDevice } from "#lib/browser/runtime.ts";
import { messageOf } from "#lib/client/request.ts";

type Outcome = { check: DeviceCheck } | { problem: string };

const names: Record<WebDevice, string> = { wasm: "WASM", webgpu: "WebGPU" };

/** Runs the demo model on both devices, one after the other, and compares it with what the server's processor gave. */
export function DeviceCheckCard({ webgpu }: { webgpu: boolean }) {
  const client = useQueryClient();
  const [outcomes, setOutcomes] = useState<Partial<Record<WebDevice, Outcome>>>({});
  const [progress, setProgress] = useState("");
  const devices: WebDevice[] = webgpu ? ["wasm", "webgpu"] : ["wasm"];
  const run = useMutation({
    mutationFn: async () => {
      setOutcomes({});
      for (const device of devices) {
        const tell = (message: string) => setProgress(`${names[device]}: ${message}`);
        const outcome: Outcome = await checkDevice(device, tell).then(
          (check) => ({ check }),
          (error: unknown) => ({ problem: messageOf(error) }),
        );
        setOutcomes((known) => ({ ...known, [device]: outcome }));
      }
    },
    onSettled: () => {
      setProgress("");
      return client.invalidateQueries({ queryKey: ["device"] });
    },
  });
  return (
    <Card
      title="Check"
      hint="Runs the bundled demo model (10 MB) on each device and compares its tokens and hidden states with recorded ones."
      actions={
        <Button look="primary" disabled={run.isPending} onClick={() => run.mutate()}>
          {run.isPending ? "Checking…" : "Run the check"}
        </Button>
      }
    >
      <p role="status" className="text-muted text-sm">
        {progress}
      </p>
      {Object.keys(outcomes).length > 0 && (
        <table aria-label="Result of the check" className="mt-2 w-full text-sm tabular-nums">
          <thead>
            <tr className="border-b text-left text-muted">
              <th className="py-1 pr-3 font-normal">Device</th>
              <th className="py-1 pr-3 font-normal">Result</th>
              <th className="py-1 pr-3 font-normal">Speed</th>
              <th className="py-1 font-normal">Page memory</th>
            </tr>
          </thead>
          <tbody>
            {devices.map((device) => (
              <ResultRow key={device} device={device} outcome={outcomes[device]} />
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function ResultRow({ device, outcome }: { device: WebDevice; outcome: Outcome | undefined }) {
  if (!outcome) return null;
  if ("problem" in outcome) {
    return (
      <tr className="border-b align-top" data-device={device} data-passed={false}>
        <th className="py-1 pr-3 text-left font-medium">{names[device]}</th>
        <td colSpan={3} className="py-1 text-bad">
          {outcome.problem}
        </td>
      </tr>
    );
  }
  const { passed, equal, answers, largestError, tokensPerSecond, rowsPerSecond, loadSeconds, memory } =
    outcome.check;
  return (
    <tr className="border-b align-top" data-device={device} data-passed={passed}>
      <th className="py-1 pr-3 text-left font-medium">{names[device]}</th>
      <td className="py-1 pr-3">
        <Badge tone={passed ? "good" : "bad"}>{passed ? "right" : "wrong"}</Badge>
        <div className="text-muted">
          {equal} of {answers} answers equal; hidden states within {largestError.toExponential(1)}
        </div>
      </td>
      <td className="py-1 pr-3">
        {tokensPerSecond.toFixed(1)} tokens/s
        <div className="text-muted">
          {rowsPerSecond.toFixed(1)} rows/s read, loaded in {duration(loadSeconds)}
        </div>
      </td>
      <td className="py-1">{memory === null ? "not told" : size(memory)}</td>
    </tr>
  );
}
