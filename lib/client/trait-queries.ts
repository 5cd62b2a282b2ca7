import { useQuery } from "@tanstack/react-query";
import { TraitsApi } from "./traits-api.ts";

export const traitsApi = new TraitsApi();

export function useTraits() {
  return useQuery({ queryKey: ["traits"], queryFn: ({ signal }) => traitsApi.list(signal) });
}

/** Read anew when the window is looked at again: another program may have changed the files. */
export function useTrait(trait: string) {
  return useQuery({ queryKey: ["trait", trait], queryFn: ({ signal }) => traitsApi.read(trait, signal) });
}

export function useRevisions(trait: string) {
  return useQuery({
    queryKey: ["trait", trait, "revisions"],
    queryFn: ({ signal }) => traitsApi.revisions(trait, signal),
  });
}

/** A revision never changes. */
export function useRevision(trait: string, id: number | null) {
  return useQuery({
    queryKey: ["trait", trait, "revisions", id],
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => traitsApi.revision(trait, id ?? 0, signal),
  });
}

export function useTraitBin() {
  return useQuery({ queryKey: ["trait-bin"], queryFn: ({ signal }) => traitsApi.bin(signal) });
}
