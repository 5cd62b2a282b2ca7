import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type BuildKindName,
  buildBinSchema,
  removedBuildSchema,
  restoredBuildSchema,
} from "#lib/builds/api.ts";
import { buildPath } from "./builds.ts";
import { request } from "./request.ts";

const binPath = (kind: BuildKindName) => `/api/build-bin/${kind}`;

/** Deleted builds of a kind, the newest first. */
export function useBuildBin(kind: BuildKindName) {
  return useQuery({
    queryKey: ["build-bin", kind],
    queryFn: ({ signal }) => request(buildBinSchema, binPath(kind), { signal }),
  });
}

/** Moves a build to the bin; the answer holds its entry there. */
export function useDeleteBuild(kind: BuildKindName) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => request(removedBuildSchema, buildPath(kind, name), { method: "DELETE" }),
    onSuccess: async (_, name) => {
      // Another build may get the name: what is kept of this one is old, and not to be asked for where it is still shown.
      for (const queryKey of [
        ["builds", kind, name],
        [kind, name],
      ]) {
        await client.invalidateQueries({ queryKey, refetchType: "none" });
      }
    },
    onSettled: () => renew(client, kind),
  });
}

/** @param to another name than it had */
export function useRestoreBuild(kind: BuildKindName) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, to }: { id: string; to?: string | undefined }) =>
      request(restoredBuildSchema, `${binPath(kind)}/${id}/restore`, { method: "POST", body: { to } }),
    onSettled: () => renew(client, kind),
  });
}

function renew(client: QueryClient, kind: BuildKindName): Promise<unknown> {
  const changed = [["builds", kind], ["build-bin", kind], ["refinery-inputs"]];
  return Promise.all(changed.map((queryKey) => client.invalidateQueries({ queryKey, exact: true })));
}
