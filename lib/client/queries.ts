import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import {
  experimentResponseSchema,
  experimentsResponseSchema,
  planResponseSchema,
  type RunRequest,
  runSummarySchema,
} from "#lib/pipeline/api.ts";
import { evaluationFileSchema, steeringFileSchema, steeringSamplesSchema } from "#lib/pipeline/results.ts";
import { request } from "./request.ts";

const experimentPath = (name: string) => `/api/experiments/${encodeURIComponent(name)}`;

export function useExperiments(enabled = true) {
  return useQuery({
    enabled,
    queryKey: ["experiments"],
    queryFn: ({ signal }) => request(experimentsResponseSchema, "/api/experiments", { signal }),
  });
}

export function useExperiment(name: string) {
  return useQuery({
    queryKey: ["experiment", name],
    queryFn: ({ signal }) => request(experimentResponseSchema, experimentPath(name), { signal }),
  });
}

export function useRuns() {
  return useQuery({
    queryKey: ["runs"],
    queryFn: ({ signal }) => request(z.object({ runs: z.array(runSummarySchema) }), "/api/runs", { signal }),
  });
}

/** The plan of a run that is not started: asked again whenever the request changes. */
export function usePlan(run: RunRequest, enabled: boolean) {
  return useQuery({
    queryKey: ["plan", run],
    enabled,
    queryFn: ({ signal }) =>
      request(planResponseSchema, `${experimentPath(run.experiment)}/plan`, {
        method: "POST",
        body: run,
        signal,
      }),
    placeholderData: (previous) => previous,
    retry: false,
  });
}

export function useStartRun() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (run: RunRequest) =>
      request(z.object({ run_id: z.string() }), "/api/runs", { method: "POST", body: run }),
    onSuccess: () => client.invalidateQueries(),
  });
}

export type RunAction = "pause" | "resume" | "cancel" | "retry";

export function useRunAction(runId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: RunAction) =>
      request(z.unknown(), `/api/runs/${encodeURIComponent(runId)}/${action}`, { method: "POST" }),
    onSettled: () => client.invalidateQueries(),
  });
}

export function useEvaluation(name: string) {
  return useQuery({
    queryKey: ["evaluation", name],
    queryFn: ({ signal }) => request(evaluationFileSchema, `${experimentPath(name)}/evaluation`, { signal }),
    retry: false,
  });
}

export function useSteering(name: string, trait: string | null) {
  return useQuery({
    queryKey: ["steering", name, trait],
    enabled: trait !== null,
    queryFn: ({ signal }) =>
      request(
        steeringFileSchema,
        `${experimentPath(name)}/steering?${new URLSearchParams({ trait: trait ?? "" })}`,
        {
          signal,
        },
      ),
    retry: false,
  });
}

/** One samples file of a steering run; `path` as results.json names it. */
export function useSteeringSamples(name: string, trait: string, path: string | undefined) {
  return useQuery({
    queryKey: ["samples", name, trait, path],
    enabled: path !== undefined,
    queryFn: ({ signal }) =>
      request(
        steeringSamplesSchema,
        `${experimentPath(name)}/samples?${new URLSearchParams({ trait, path: path ?? "" })}`,
        { signal },
      ),
    retry: false,
  });
}
