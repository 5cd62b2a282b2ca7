import { useEffect, useRef, useState } from "react";
import type { FixesRequest, FixOutcome } from "#lib/authoring/api.ts";
import { messageOf } from "#lib/client/request.ts";
import { failureKinds } from "#lib/pipeline/failure-kinds.ts";
import type { QueueItem } from "./queue.ts";

export type FixItem = FixesRequest["items"][number];
/** Asks for new lines, an answer or an error for each; rejects where nothing could be asked. */
export type Suggest = (items: FixItem[], signal: AbortSignal) => Promise<FixOutcome[]>;

export type Suggestion =
  | { state: "asked" }
  | { state: "ready"; line: string; why: string }
  | { state: "failed"; message: string };

// Few enough that progress is seen and little is lost with a cancel.
const CHUNK = 4;

/** New lines for failing ones, each kept at its text until it is accepted or rejected. */
export function useSuggestions(suggest: Suggest) {
  const [suggestions, setSuggestions] = useState<ReadonlyMap<string, Suggestion>>(new Map());
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const put = (entries: readonly (readonly [string, Suggestion | null])[]) =>
    setSuggestions((before) => {
      const after = new Map(before);
      for (const [key, suggestion] of entries) {
        if (suggestion) after.set(key, suggestion);
        else after.delete(key);
      }
      return after;
    });

  /** One at a time: asking again while it goes on is ignored. */
  const ask = async (items: readonly QueueItem[]) => {
    if (running.current || items.length === 0) return;
    const aborter = new AbortController();
    running.current = aborter;
    setProgress({ done: 0, total: items.length });
    for (let at = 0; at < items.length && !aborter.signal.aborted; at += CHUNK) {
      const chunk = items.slice(at, at + CHUNK);
      put(chunk.map(({ key }) => [key, { state: "asked" }]));
      try {
        const outcomes = await suggest(chunk.map(fixItemOf), aborter.signal);
        put(chunk.map((item, place) => [item.key, suggestionOf(item, outcomes[place])]));
      } catch (error) {
        const gone = aborter.signal.aborted;
        put(chunk.map(({ key }) => [key, gone ? null : { state: "failed", message: messageOf(error) }]));
        // What stands in the way of these stands in the way of the next.
        break;
      }
      setProgress({ done: Math.min(at + CHUNK, items.length), total: items.length });
    }
    running.current = null;
    setProgress(null);
  };

  return {
    suggestions,
    progress,
    ask,
    cancel: () => running.current?.abort(),
    forget: (keys: readonly string[]) => put(keys.map((key) => [key, null])),
  };
}

export type Suggestions = ReturnType<typeof useSuggestions>;

function fixItemOf({ line, failure, result }: QueueItem): FixItem {
  return {
    polarity: line.polarity,
    index: line.index,
    response: result?.response ?? line.response?.response ?? null,
    failure_kind: failure,
    advice: failure && failureKinds[failure],
  };
}

function suggestionOf({ line }: QueueItem, outcome: FixOutcome | undefined): Suggestion {
  if (outcome?.suggestion && outcome.text !== null && outcome.text !== line.text)
    return { state: "failed", message: "the line was changed meanwhile: ask again" };
  if (outcome?.suggestion) return { state: "ready", ...outcome.suggestion };
  return { state: "failed", message: outcome?.error?.userMessage ?? "the writer gave no line: ask again" };
}
