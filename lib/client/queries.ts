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
import { evaluationFileSchema, steeringFileSchema, steeringSamplesSchema } from "#lib/pipeline/results.ts";
import { vectorExportSchema } from "#lib/pipeline/vector-export-api.ts";
import {
  type CombineRequest,
  ownVectorsMadeSchema,
  tokenViewSchema,
  vectorComparisonSchema,
  vectorCosinesSchema,
  vectorDetailSchema,
  vectorListSchema,
} from "#lib/pipeline/vectors-api.ts";
import { type LabelRequest, traitVettingSchema } from "#lib/pipeline/vetting-api.ts";
import { request } from "./request.ts";

const experimentPath = (name: string) => `/api/experiments/${encodeURIComponent(name)}`;

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

/** What an export of vectors would bring. @param query as its route takes it */
export function useVectorExport(experiment: string, query: URLSearchParams) {
  const path = vectorExportPath(experiment, query);
  return useQuery({
    queryKey: ["vector-export", path],
    queryFn: ({ signal }) => request(vectorExportSchema, `${path}&about`, { signal }),
    retry: false,
  });
}

export function vectorExportPath(experiment: string, query: URLSearchParams): string {
  return `${experimentPath(experiment)}/vectors?${query}`;
}

/** One vector beside the activations of its layer. @param query as its route takes it */
export function useVectorDetail(experiment: string, query: URLSearchParams) {
  const path = `${experimentPath(experiment)}/vectors/detail?${query}`;
  return useQuery({
    queryKey: ["vector-detail", path],
    queryFn: ({ signal }) => request(vectorDetailSchema, path, { signal }),
    retry: false,
  });
}

/** Responses by token, from the `from`th of each side; nothing is read while it is null. */
export function useTokenView(experiment: string, query: URLSearchParams, from: number | null) {
  const path = `${experimentPath(experiment)}/vectors/tokens?${query}&from=${from}`;
  return useQuery({
    queryKey: ["token-view", path],
    enabled: from !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: ({ signal }) => request(tokenViewSchema, path, { signal }),
  });
}

/** How alike vectors are. @param query as its route takes it */
export function useVectorCosines(experiment: string, query: URLSearchParams) {
  const path = `${experimentPath(experiment)}/vectors/cosines?${query}`;
  return useQuery({
    queryKey: ["vector-cosines", path],
    queryFn: ({ signal }) => request(vectorCosinesSchema, path, { signal }),
    placeholderData: (previous) => previous,
    retry: false,
  });
}

/** Every method's vectors of every experiment. */
export function useVectorList() {
  return useQuery({
    queryKey: ["vector-list"],
    queryFn: ({ signal }) => request(vectorListSchema, "/api/vectors", { signal }),
  });
}

/** Two methods' vectors, layer by layer. @param query as its route takes it; null: nothing is compared */
export function useVectorComparison(experiment: string, query: URLSearchParams | null) {
  const path = `${experimentPath(experiment)}/vectors/compare?${query}`;
  return useQuery({
    queryKey: ["vector-comparison", path],
    enabled: query !== null,
    queryFn: ({ signal }) => request(vectorComparisonSchema, path, { signal }),
    retry: false,
  });
}

/** Makes vectors of others. */
export function useCombineVectors(experiment: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CombineRequest) =>
      request(ownVectorsMadeSchema, `${experimentPath(experiment)}/vectors/combine`, {
        method: "POST",
        body,
      }),
    onSuccess: () => client.invalidateQueries(),
  });
}

/** Brings the vectors of a file. @param query as its route takes it */
export function useImportVectors(experiment: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ query, body }: { query: URLSearchParams; body: Uint8Array }) =>
      request(ownVectorsMadeSchema, `${experimentPath(experiment)}/vectors/import?${query}`, {
        method: "POST",
        body,
      }),
    onSuccess: () => client.invalidateQueries(),
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
