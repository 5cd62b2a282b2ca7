import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { isOver } from "#components/runs/states.ts";
import { useRuns } from "#lib/client/queries.ts";
import type { RunState } from "#lib/pipeline/api.ts";
import type { JudgedScore, RunEvent } from "#lib/pipeline/events.ts";
import type { VettingKind } from "#lib/pipeline/human-labels.ts";
import { addScores, type LiveScores, noLiveScores } from "#lib/pipeline/vetting-live.ts";

const SHOWN_AFTER_MS = 150;
const unfinished: readonly RunState[] = ["queued", "running", "paused", "interrupted"];

interface Followed {
  /** Whose run and scores these are. */
  experiment: string;
  runId: string | null;
  /** Null until the run was heard of. */
  state: RunState | null;
  live: LiveScores;
}

/** The run that vets this trait in this experiment, begun here or found under way, and the scores that it tells. */
export function useVettingRun(experiment: string | null, trait: string) {
  const client = useQueryClient();
  const { data } = useRuns();
  const [followed, setFollowed] = useState<Followed | null>(null);
  const current = followed?.experiment === experiment ? followed : null;
  const change = useCallback(
    (to: (before: Followed) => Partial<Followed>) => {
      if (experiment === null) return;
      setFollowed((before) => {
        const own =
          before?.experiment === experiment
            ? before
            : { experiment, runId: null, state: null, live: noLiveScores };
        return { ...own, ...to(own) };
      });
    },
    [experiment],
  );
  const follow = useCallback(
    (runId: string | null) => change((before) => (before.runId === runId ? {} : { runId, state: null })),
    [change],
  );

  const newest = data?.runs.find((run) => run.experiment === experiment && run.traits.includes(trait));
  const found = newest && unfinished.includes(newest.state) ? newest.run_id : null;
  useEffect(() => {
    if (found !== null) follow(found);
  }, [found, follow]);

  const waiting = useRef<{ kind: VettingKind; scores: JudgedScore[] }[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  /** To be told of every event of the run. */
  const onEvent = (event: RunEvent) => {
    if (!("trait" in event) || event.trait !== trait) return;
    if (event.kind === "judged") {
      const kind = event.stage === "vet-scenarios" ? "scenario" : "response";
      waiting.current.push({ kind, scores: event.scores });
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        const told = waiting.current.splice(0);
        change(({ live }) => ({
          live: told.reduce((known, { kind: of, scores }) => addScores(known, of, scores), live),
        }));
      }, SHOWN_AFTER_MS);
    }
    if (event.kind === "stage" && event.state !== "running")
      void client.invalidateQueries({ queryKey: ["vetting", experiment, trait] });
  };

  /** To be told of the run's state whenever it changes. */
  const onState = async (state: RunState) => {
    change(() => ({ state }));
    if (!isOver(state)) return;
    await client.invalidateQueries({ queryKey: ["vetting", experiment, trait] });
    for (const key of ["plan", "runs", "traits", "experiments"])
      void client.invalidateQueries({ queryKey: [key] });
    if (state !== "done") return;
    // The files hold by now what a finished run told.
    waiting.current = [];
    change(() => ({ live: noLiveScores }));
  };

  const runId = current?.runId ?? null;
  const busy = runId !== null && (!current?.state || !isOver(current.state));
  return { runId, busy, live: current?.live ?? noLiveScores, follow, onEvent, onState };
}
