import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { useExperiments } from "#lib/client/queries.ts";
import { traitsApi } from "#lib/client/trait-queries.ts";

/**
 * The experiment that a trait is vetted in: what the address says, else the one that vetted it last, else the first.
 * @param needed false: the list of experiments is not fetched, and there may be none chosen
 */
export function useChosenExperiment(trait: string, needed = true) {
  const [wanted, choose] = useQueryState("experiment", parseAsString);
  const all = useExperiments(needed);
  const last = useQuery({
    queryKey: ["vetted-last", trait],
    enabled: wanted === null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const traits = await traitsApi.list(signal);
      return traits.find((each) => each.trait === trait)?.vetting?.experiment ?? null;
    },
  });
  const names = (all.data?.experiments ?? []).map(({ name }) => name);
  const first = needed && last.data === null ? (names[0] ?? null) : null;
  const experiment = wanted ?? last.data ?? first;
  return { experiment, choose, names, queries: wanted === null ? [last, all] : [all], all };
}
