import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { type RunSnapshot, runSnapshotSchema } from "#lib/pipeline/api.ts";
import { type RunEvent, runEventSchema } from "#lib/pipeline/events.ts";
import { applyRunEvent } from "#lib/pipeline/snapshot.ts";
import { messageOf, request } from "./request.ts";

interface LiveRun {
  run: RunSnapshot | null;
  /** False while the stream is broken; the browser reconnects by itself and a fresh snapshot follows. */
  connected: boolean;
  /** Why there is no such run; null while there may be one. */
  missing: string | null;
}

/**
 * A run as it goes, over its event stream: a snapshot first, then every event folded into it. A page that nobody sees
 * holds no stream: of the six connections that a browser has for one origin, its lenders need the most.
 */
export function useLiveRun(runId: string, onEvent?: (event: RunEvent) => void): LiveRun {
  const [run, setRun] = useState<RunSnapshot | null>(null);
  const [connected, setConnected] = useState(false);
  const [missing, setMissing] = useState<string | null>(null);
  const visible = usePageVisible();
  const hear = useRef(onEvent);
  hear.current = onEvent;
  useEffect(() => {
    if (!visible) return;
    const path = `/api/runs/${encodeURIComponent(runId)}`;
    const stream = new EventSource(`${path}/events`);
    stream.addEventListener("open", () => setConnected(true));
    stream.addEventListener("error", () => {
      setConnected(false);
      // A closed stream will not try again: an event stream hides the answer's status, so ask plainly for the reason.
      if (stream.readyState === EventSource.CLOSED) {
        request(runSnapshotSchema, path).then(setRun, (error) => setMissing(messageOf(error)));
      }
    });
    stream.addEventListener("snapshot", (message) =>
      setRun(runSnapshotSchema.parse(JSON.parse(message.data))),
    );
    stream.addEventListener("run", (message) => {
      const event = runEventSchema.parse(JSON.parse(message.data));
      hear.current?.(event);
      setRun((before) => (before ? applyRunEvent(before, event) : before));
    });
    return () => stream.close();
  }, [runId, visible]);
  return { run, connected, missing };
}

function usePageVisible(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      document.addEventListener("visibilitychange", onChange);
      return () => document.removeEventListener("visibilitychange", onChange);
    },
    () => document.visibilityState === "visible",
    () => true,
  );
}
