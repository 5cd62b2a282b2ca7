"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { duration, whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { type BrowserDeviceReport, deviceFor, useBrowserDevices } from "#lib/client/browser-devices.ts";
import { useLending } from "#lib/client/use-lending.ts";
import { type LentDevice, lentDeviceOf } from "#lib/engine/run-device.ts";
import type { RunSnapshot } from "#lib/pipeline/api.ts";
import { browserDeviceNames } from "./device-options.tsx";

/** The run's model work is done by browser tabs: what this one does for it, and who did what. */
export function LendingPanel({ run }: { run: RunSnapshot }) {
  const { device, judge_device, state, workers } = run;
  const wanted = lentDeviceOf([device, judge_device]);
  if (wanted === null) return null;
  const underWay = state === "queued" || state === "running";
  if (!underWay && workers.length === 0) return null;
  return (
    <Card
      title="Model work in browsers"
      hint="Any tab that opens this page can help; a closed tab's batch is given to another."
    >
      {underWay && <OwnLending runId={run.run_id} wanted={wanted} />}
      {workers.length > 0 && <Workers workers={workers} />}
    </Card>
  );
}

function OwnLending({ runId, wanted }: { runId: string; wanted: LentDevice }) {
  const devices = useBrowserDevices();
  const own = devices && deviceFor(wanted, devices);
  const [lent, setLent] = useQueryState("lend", parseAsStringLiteral(["yes"]));
  const { state, problem } = useLending(runId, lent && own?.available ? own.device : null);
  const start = own && (
    <Button look="primary" disabled={!own.available} onClick={() => setLent("yes")}>
      Lend this browser ({browserDeviceNames[own.device]})
    </Button>
  );
  if (problem)
    return <ErrorNote message={problem} action={<Button onClick={() => setLent(null)}>Close</Button>} />;
  if (!lent || !own?.available) return <NotLending own={own}>{start}</NotLending>;
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p role="status" className="text-sm">
        <span className="font-medium">This tab ({browserDeviceNames[own.device]}):</span>{" "}
        {state ? state.message : "starting"}
        {state && state.batches > 0 && (
          <span className="text-muted">
            {" "}
            · done here: {whole(state.rows)} rows, batches: {whole(state.batches)}
          </span>
        )}
      </p>
      <Button onClick={() => setLent(null)}>Stop lending</Button>
    </div>
  );
}

function NotLending({ own, children }: { own: BrowserDeviceReport | undefined; children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="text-sm">
        {own && !own.available
          ? own.reason
          : "This tab does not help. The run waits while no browser lends; its models are fetched once and kept."}
      </p>
      {children}
    </div>
  );
}

function Workers({ workers }: Pick<RunSnapshot, "workers">) {
  return (
    <table className="mt-3 w-full text-left text-sm">
      <caption className="sr-only">Which browser did what</caption>
      <thead className="text-muted text-xs">
        <tr>
          {["Browser", "Device", "Batches", "Rows", "Time"].map((head) => (
            <th key={head} scope="col" className="py-1 pr-3 font-normal">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="tabular-nums">
        {workers.map(({ name, device, batches, rows, seconds }) => (
          <tr key={`${name} ${device}`} className="border-t">
            <th scope="row" className="py-1 pr-3 font-medium">
              {name}
            </th>
            <td className="pr-3">{device}</td>
            <td className="pr-3">{whole(batches)}</td>
            <td className="pr-3">{whole(rows)}</td>
            <td>{duration(seconds)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
