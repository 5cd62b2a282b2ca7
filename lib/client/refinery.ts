import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { z } from "zod";
import { type BuildSnapshot, buildSnapshotSchema } from "#lib/builds/api.ts";
import {
  estimateSchema,
  type RefineryFilter,
  refineryDetailSchema,
  refineryInputsSchema,
  refineryOverviewSchema,
  refineryRowsSchema,
} from "#lib/refinery/api.ts";
import type { refineryRequestSchema } from "#lib/refinery/request.ts";
import type { BuildInput, Upload } from "./builds.ts";
import { request } from "./request.ts";

const pathOf = (name: string) => `/api/refinery/${encodeURIComponent(name)}`;

/** Where accepted contrast pairs are downloaded. */
export const pairsPath = (name: string) => `${pathOf(name)}/pairs`;

export type RefineryWish = z.input<typeof refineryRequestSchema>;

/** What a build would do; its files are put into its folder first. */
export function useRefineryPlan(upload: Upload) {
  return useMutation({
    async mutationFn({ name, wish, inputs }: { name: string; wish: RefineryWish; inputs: BuildInput[] }) {
      await upload(name, inputs);
      return request(estimateSchema, `${pathOf(name)}/plan`, { method: "POST", body: { request: wish } });
    },
  });
}

/** Plans, drafts and critiques of earlier builds. */
export function useRefineryInputs() {
  return useQuery({
    queryKey: ["refinery-inputs"],
    queryFn: ({ signal }) => request(refineryInputsSchema, "/api/refinery/inputs", { signal }),
  });
}

/** What tells that a build's records have changed: its state, and its progress in steps. */
export function versionOf({ state, progress }: BuildSnapshot): string {
  const done = progress.phases.reduce((sum, phase) => sum + phase.done, 0);
  return `${state} ${state === "running" ? Math.floor(done / 10) : done}`;
}

export function useOverview(name: string, version: string) {
  return useQuery({
    queryKey: ["refinery", name, "overview", version],
    queryFn: ({ signal }) => request(refineryOverviewSchema, `${pathOf(name)}/overview`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** @param page 0-based */
export function useRefineryRows(name: string, filter: RefineryFilter, page: number, version: string) {
  const search = new URLSearchParams({ page: String(page) });
  for (const [key, value] of Object.entries(filter)) if (value) search.set(key, value);
  return useQuery({
    queryKey: ["refinery", name, "rows", search.toString(), version],
    queryFn: ({ signal }) => request(refineryRowsSchema, `${pathOf(name)}/records?${search}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

export function useRefineryRecord(name: string, id: string, version: string) {
  return useQuery({
    queryKey: ["refinery", name, "record", id, version],
    queryFn: ({ signal }) =>
      request(refineryDetailSchema, `${pathOf(name)}/record?${new URLSearchParams({ id })}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Goes on with rejected ids that are tried again, or (null) with what a limit left. */
export function useRefineAgain(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[] | null) =>
      request(buildSnapshotSchema, `${pathOf(name)}/${ids ? "retry" : "rest"}`, {
        method: "POST",
        ...(ids && { body: { ids } }),
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["builds", "refinery"] }),
  });
}
