import { useEffect, useState } from "react";
import { type RunSnapshot, runSnapshotSchema } from "#lib/pipeline/api.ts";
import { runEventSchema } from "#lib/pipeline/events.ts";
import { applyRunEvent } from "#lib/pipeline/snapshot.ts";

interface LiveRun {
  run: RunSnapshot | null;
  /** False while the stream is broken; the browser reconnects by itself and a fresh snapshot follows. */
  connected: boolean;
}

/** A run as it goes, over its event stream: a snapshot first, then every event folded into it. */
export function useLiveRun(runId: string, initial: RunSnapshot | null = null): LiveRun {
  const [run, setRun] = useState(initial);
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    const stream = new EventSource(`/api/runs/${encodeURIComponent(runId)}/events`);
    stream.addEventListener("open", () => setConnected(true));
    stream.addEventListener("error", () => setConnected(false));
    stream.addEventListener("snapshot", (message) =>
      setRun(runSnapshotSchema.parse(JSON.parse(message.data))),
    );
    stream.addEventListener("run", (message) => {
      const event = runEventSchema.parse(JSON.parse(message.data));
      setRun((before) => (before ? applyRunEvent(before, event) : before));
    });
    return () => stream.close();
  }, [runId]);
  return { run, connected };
}
