"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { type BrowserDeviceReport, deviceFor, useBrowserDevices } from "#lib/client/browser-devices.ts";
import { useLending } from "#lib/client/use-lending.ts";
import { type LentDevice, lentDeviceOf, type RunDevice } from "#lib/engine/run-device.ts";
import type { RunSnapshot } from "#lib/pipeline/api.ts";
import { browserDeviceNames } from "./device-options.tsx";
import { DownloadQuestion } from "./download-question.tsx";
import { WorkersTable } from "./workers-table.tsx";

interface LendingPanelProps {
  runId: string;
  /** What the run's models run on, one each. */
  devices: readonly RunDevice[];
  underWay: boolean;
  workers: RunSnapshot["workers"];
}

/** The model work is done by browser tabs: what this one does for it, and who did what. */
export function LendingPanel({ runId, devices, underWay, workers }: LendingPanelProps) {
  const wanted = lentDeviceOf(devices);
  if (wanted === null) return null;
  if (!underWay && workers.length === 0) return null;
  return (
    <Card
      title="Model work in browsers"
      hint="Any tab that opens this page can help; a closed tab's batch is given to another."
    >
      {underWay && <OwnLending runId={runId} wanted={wanted} />}
      {workers.length > 0 && <WorkersTable workers={workers} />}
    </Card>
  );
}

function OwnLending({ runId, wanted }: { runId: string; wanted: LentDevice }) {
  const devices = useBrowserDevices();
  const own = devices && deviceFor(wanted, devices);
  const [lent, setLent] = useQueryState("lend", parseAsStringLiteral(["yes"]));
  const { state, question, problem } = useLending(runId, lent && own?.available ? own.device : null);
  const start = own && (
    <Button look="primary" disabled={!own.available} onClick={() => setLent("yes")}>
      Lend this browser ({browserDeviceNames[own.device]})
    </Button>
  );
  if (problem)
    return <ErrorNote message={problem} action={<Button onClick={() => setLent(null)}>Close</Button>} />;
  if (!lent || !own?.available) return <NotLending own={own}>{start}</NotLending>;
  if (question) {
    return <DownloadQuestion {...question} what="This run" stop="Do not lend" onStop={() => setLent(null)} />;
  }
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
