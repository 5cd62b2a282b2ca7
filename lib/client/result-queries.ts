import { useQuery } from "@tanstack/react-query";
import { reportDocumentSchema } from "#lib/pipeline/report/document.ts";
import { judgeInputsSchema } from "#lib/pipeline/steering-api.ts";
import { request } from "./request.ts";

/** What the judge was asked of one answer. @param at its place in the samples file */
export function useJudgeInputs(experiment: string, trait: string, samples: string, at: number) {
  return useQuery({
    queryKey: ["judge-inputs", experiment, trait, samples, at],
    queryFn: ({ signal }) =>
      request(
        judgeInputsSchema,
        `/api/experiments/${encodeURIComponent(experiment)}/judge-inputs?${new URLSearchParams({ trait, samples, at: String(at) })}`,
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
  return `/api/experiments/${encodeURIComponent(experiment)}/report`;
}
