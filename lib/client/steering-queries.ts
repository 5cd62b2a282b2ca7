import { useQuery } from "@tanstack/react-query";
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
