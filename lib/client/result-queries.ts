import { useQuery } from "@tanstack/react-query";
import { reportDocumentSchema } from "#lib/pipeline/report/document.ts";
import { evaluationFileSchema, steeringFileSchema, steeringSamplesSchema } from "#lib/pipeline/results.ts";
import { judgeInputsSchema } from "#lib/pipeline/steering-api.ts";
import { experimentPath } from "./queries.ts";
import { request } from "./request.ts";

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

/** What the judge was asked of one answer. @param at its place in the samples file */
export function useJudgeInputs(experiment: string, trait: string, samples: string, at: number) {
  return useQuery({
    queryKey: ["judge-inputs", experiment, trait, samples, at],
    queryFn: ({ signal }) =>
      request(
        judgeInputsSchema,
        `${experimentPath(experiment)}/judge-inputs?${new URLSearchParams({ trait, samples, at: String(at) })}`,
        { signal },
      ),
    retry: false,
  });
}

/** The experiment's report, as its files are now. */
export function useReport(experiment: string) {
  return useQuery({
    queryKey: ["report", experiment],
    queryFn: ({ signal }) =>
      request(reportDocumentSchema, `${reportPath(experiment)}?format=json`, { signal }),
    retry: false,
  });
}

export function reportPath(experiment: string): string {
  return `${experimentPath(experiment)}/report`;
}
