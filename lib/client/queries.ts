import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import {
  experimentResponseSchema,
  experimentsResponseSchema,
  type NewExperiment,
  planResponseSchema,
  type RunRequest,
  runSummarySchema,
} from "#lib/pipeline/api.ts";
import type { ConfigInput } from "#lib/pipeline/config.ts";
import { type LabelRequest, traitVettingSchema } from "#lib/pipeline/vetting-api.ts";
import { request } from "./request.ts";

export const experimentPath = (name: string) => `/api/experiments/${encodeURIComponent(name)}`;

export function useExperiments(enabled = true) {
  return useQuery({
    queryKey: ["experiments"],
    enabled,
    queryFn: ({ signal }) => request(experimentsResponseSchema, "/api/experiments", { signal }),
  });
}

export function useExperiment(name: string) {
  return useQuery({
    queryKey: ["experiment", name],
    queryFn: ({ signal }) => request(experimentResponseSchema, experimentPath(name), { signal }),
  });
}

const done = z.object({}).loose();

export function useCreateExperiment() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewExperiment) => request(done, "/api/experiments", { method: "POST", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["experiments"] }),
  });
}

/** Sets some of an experiment's settings. */
export function useChangeConfig(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (config: ConfigInput) =>
      request(done, experimentPath(name), { method: "PATCH", body: { config } }),
    onSuccess: () => client.invalidateQueries(),
  });
}

/** Keeps a judge endpoint's key on the server, for all that ask this endpoint; it is never sent back. */
export function useSetJudgeKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { endpoint: string; key: string }) =>
      request(done, "/api/settings/judge-keys", { method: "PUT", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["plan"] }),
  });
}

/** What a trait's texts scored in an experiment. */
export function useVetting(experiment: string | null, trait: string) {
  return useQuery({
    queryKey: ["vetting", experiment, trait],
    enabled: experiment !== null,
    queryFn: ({ signal }) => request(traitVettingSchema, vettingPath(experiment ?? "", trait), { signal }),
  });
}

/** A person's verdicts; the page shows what the server counted. */
export function useLabel(experiment: string, trait: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: LabelRequest) =>
      request(traitVettingSchema, vettingPath(experiment, trait), { method: "POST", body }),
    onSuccess: (vetting) => client.setQueryData(["vetting", experiment, trait], vetting),
  });
}

function vettingPath(experiment: string, trait: string): string {
  return `${experimentPath(experiment)}/traits/${trait}/vetting`;
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
