import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
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
import { experimentPath } from "./queries.ts";
import { request } from "./request.ts";

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
