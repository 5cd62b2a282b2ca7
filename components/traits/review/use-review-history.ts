import { useCallback, useRef, useState } from "react";
import { type Action, emptyHistory, type History, record, redo, undo } from "./history.ts";

/** Undo and redo over edits and verdicts, in the order in which they were made. @param apply carries an action out */
export function useReviewHistory(apply: (action: Action) => void) {
  const [history, setHistory] = useState<History>(emptyHistory);
  // Keys come faster than renders.
  const now = useRef(history);
  const latest = useRef(apply);
  latest.current = apply;
  const set = useCallback((next: History) => {
    now.current = next;
    setHistory(next);
  }, []);
  const run = useCallback(
    (action: Action) => {
      if (action.edits.length + action.labels.length === 0) return;
      set(record(now.current, action));
      latest.current(action);
    },
    [set],
  );
  const step = useCallback(
    (way: typeof undo): Action | null => {
      const taken = way(now.current);
      if (!taken) return null;
      set(taken.history);
      latest.current(taken.action);
      return taken.action;
    },
    [set],
  );
  return {
    run,
    undo: useCallback(() => step(undo), [step]),
    redo: useCallback(() => step(redo), [step]),
    undoes: history.done.at(-1)?.title ?? null,
    redoes: history.undone.at(-1)?.title ?? null,
  };
}
