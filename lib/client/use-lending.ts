import { useEffect, useState } from "react";
import type { Download, DownloadSource } from "#lib/browser/asking-engines.ts";
import type { BrowserDevice } from "./browser-devices.ts";
import type { LendingState } from "./lend.ts";
import { messageOf } from "./request.ts";

export interface Lending {
  /** Null while this tab does not lend. */
  state: LendingState | null;
  /** A large download that waits for an answer; null when nothing is asked. */
  question: Question | null;
  /** Why it stopped by itself; null when it did not. */
  problem: string | null;
}

/** Stopping to lend is the other answer. */
export interface Question extends Download {
  answer(source: DownloadSource): void;
}

const idle: Lending = { state: null, question: null, problem: null };

/**
 * Lends this tab to a run for as long as `device` is given: it loads the run's models and does its batches. A tab that
 * is closed gives its batch back as it goes.
 */
export function useLending(runId: string, device: BrowserDevice | null): Lending {
  const [lending, setLending] = useState(idle);
  const visit = useVisit();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that comes back from the browser's memory begins anew
  useEffect(() => {
    setLending(idle);
    if (device === null) return;
    const controller = new AbortController();
    const { signal } = controller;
    const stop = () => controller.abort();
    // The page may never run another task: the batch in hand is given back within this event.
    addEventListener("pagehide", stop, { signal });
    const tell = (next: Lending) => {
      if (!signal.aborted) setLending(next);
    };
    const ask = (download: Download) =>
      new Promise<DownloadSource>((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        tell({ ...idle, question: { ...download, answer: resolve } });
      });
    lendTab(runId, device, signal, ask, (state) => tell({ ...idle, state })).then(
      () => tell(idle),
      (error) => tell({ ...idle, problem: messageOf(error) }),
    );
    return stop;
  }, [runId, device, visit]);
  return lending;
}

async function lendTab(
  runId: string,
  device: BrowserDevice,
  signal: AbortSignal,
  ask: (download: Download) => Promise<DownloadSource>,
  onState: (state: LendingState) => void,
): Promise<void> {
  // The runtime's half of the page is fetched only by who lends.
  const [{ lend }, { createAskingEngines }] = await Promise.all([
    import("./lend.ts"),
    import("#lib/browser/asking-engines.ts"),
  ]);
  const engines = createAskingEngines(ask);
  const dispose = () => void engines.dispose();
  signal.addEventListener("abort", dispose, { once: true });
  try {
    const id = crypto.randomUUID();
    const lender = { id, name: `tab ${id.slice(0, 4)}`, device };
    await lend({ runId, lender, engines, signal, onState });
  } finally {
    signal.removeEventListener("abort", dispose);
    await engines.dispose();
  }
}

/** Counts how often the browser showed this page again that it had kept. */
function useVisit(): number {
  const [visit, setVisit] = useState(0);
  useEffect(() => {
    const show = ({ persisted }: PageTransitionEvent) => {
      if (persisted) setVisit((before) => before + 1);
    };
    addEventListener("pageshow", show);
    return () => removeEventListener("pageshow", show);
  }, []);
  return visit;
}
