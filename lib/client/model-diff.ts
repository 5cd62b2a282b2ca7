import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { AppError } from "#lib/core/errors.ts";
import { readServerSentEvents } from "#lib/formats/server-sent-events.ts";
import {
  type ModelDiffEvent,
  type ModelDiffRequest,
  modelDiffEventSchema,
  modelDiffsSchema,
} from "#lib/pipeline/model-diff-api.ts";
import { experimentPath } from "./queries.ts";
import { messageOf, request, requestStream } from "./request.ts";

const pathOf = (experiment: string) => `${experimentPath(experiment)}/vectors/model-diff`;
const keyOf = (experiment: string) => ["model-diffs", experiment];

/** The models that a vector can be compared on, and what is stored. @param query trait, method, layer */
export function useModelDiffs(experiment: string, query: URLSearchParams) {
  const path = `${pathOf(experiment)}?${query}`;
  return useQuery({
    queryKey: [...keyOf(experiment), path],
    queryFn: ({ signal }) => request(modelDiffsSchema, path, { signal }),
    retry: false,
  });
}

type Progress = Extract<ModelDiffEvent, { progress: unknown }>["progress"];

/** One comparison at a time, followed while it goes; leaving the page ends it. */
export function useModelDiffRun(experiment: string) {
  const client = useQueryClient();
  const running = useRef<AbortController | null>(null);
  const [busy, setBusy] = useState(false);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = async (body: ModelDiffRequest): Promise<void> => {
    const controller = new AbortController();
    running.current = controller;
    setBusy(true);
    setProgress(null);
    setProblem(null);
    try {
      await follow(experiment, body, setProgress, controller.signal);
      await client.invalidateQueries({ queryKey: keyOf(experiment) });
    } catch (error) {
      setProblem(controller.signal.aborted ? null : messageOf(error));
    } finally {
      if (running.current === controller) {
        running.current = null;
        setBusy(false);
      }
    }
  };
  return { start, stop: () => running.current?.abort(), busy, progress, problem };
}

/** Resolves with the result's arrival. Throws the comparison's error. */
async function follow(
  experiment: string,
  body: ModelDiffRequest,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<void> {
  const stream = await requestStream(pathOf(experiment), { method: "POST", body, signal });
  for await (const { data } of readServerSentEvents(stream)) {
    if (data === "[DONE]") break;
    const event = modelDiffEventSchema.parse(JSON.parse(data));
    if ("error" in event) throw AppError.fromJSON(event.error);
    if ("progress" in event) onProgress(event.progress);
    if ("result" in event) return;
  }
  throw new AppError("internal", "the comparison ended before its end", {
    userMessage: "The server broke off in the middle of the comparison; start it again.",
    retryable: true,
  });
}
