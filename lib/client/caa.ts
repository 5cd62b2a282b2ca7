import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import type { BuildSnapshot } from "#lib/builds/api.ts";
import {
  datasetsSchema,
  extractionMadeSchema,
  type importForExtractionSchema,
  type OutcomesQuery,
  outcomesPageSchema,
  type planRequestSchema,
  type previewRequestSchema,
} from "#lib/caa/api.ts";
import type { UseForExtraction } from "#lib/caa/extraction.ts";
import type { CaaLayout } from "#lib/caa/layouts/names.ts";
import { caaPlanSchema } from "#lib/caa/plan.ts";
import { previewSchema } from "#lib/caa/preview.ts";
import type { CaaRequestInput, scenarioSourceSchema } from "#lib/caa/request.ts";
import type { BuildInput, Upload } from "./builds.ts";
import { request } from "./request.ts";

const caaPath = (name: string) => `/api/caa/datasets/${encodeURIComponent(name)}`;

/** Keeps the token for the Hugging Face Hub on the server; it is never sent back. */
export function setHubToken(token: string): Promise<unknown> {
  return request(z.unknown(), "/api/settings/hub-token", { method: "PUT", body: { token } });
}

interface WithInputs<Wish> {
  name: string;
  wish: Wish;
  inputs: BuildInput[];
}

/** The first rows; an uploaded dataset is put into the folder of the build first. */
export function useCaaPreview(upload: Upload) {
  return useMutation({
    async mutationFn({ name, wish, inputs }: WithInputs<z.input<typeof scenarioSourceSchema>>) {
      await upload(name, inputs);
      const body: z.input<typeof previewRequestSchema> = { ...wish, build: buildOf(name, inputs) };
      return request(previewSchema, "/api/caa/preview", { method: "POST", body });
    },
  });
}

/** What a build would take; as `useCaaPreview`. */
export function useCaaPlan(upload: Upload) {
  return useMutation({
    async mutationFn({ name, wish, inputs }: WithInputs<CaaRequestInput>) {
      await upload(name, inputs);
      const body: z.input<typeof planRequestSchema> = { build: buildOf(name, inputs), request: wish };
      return request(caaPlanSchema, "/api/caa/plan", { method: "POST", body });
    },
  });
}

/** The build whose folder holds the inputs. */
function buildOf(name: string, inputs: readonly BuildInput[]): string | null {
  return inputs.length > 0 ? name : null;
}

/** A build's datasets; read again as it goes on. */
export function useDatasets({ name, state, progress }: BuildSnapshot) {
  const done = progress.phases.reduce((sum, phase) => sum + phase.done, 0);
  return useQuery({
    queryKey: ["caa", name, state, Math.floor(done / 10)],
    queryFn: ({ signal }) => request(datasetsSchema, caaPath(name), { signal }),
    placeholderData: keepPreviousData,
  });
}

/** @param version changes when there is more to read */
export function useOutcomes(name: string, query: OutcomesQuery, version: unknown) {
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  return useQuery({
    queryKey: ["caa", name, "outcomes", query, version],
    queryFn: ({ signal }) => request(outcomesPageSchema, `${caaPath(name)}/outcomes?${search}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Where a dataset is downloaded in another layout. */
export function convertedPath(name: string, file: string, to: CaaLayout): string {
  return `${caaPath(name)}/converted?${new URLSearchParams({ file, to })}`;
}

/** Makes a trait and an experiment of a dataset. */
export function useForExtraction(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: UseForExtraction) =>
      request(extractionMadeSchema, `${caaPath(name)}/extraction`, { method: "POST", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["experiments"] }),
  });
}

/** The same of a file from elsewhere. */
export function useImportForExtraction() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: z.input<typeof importForExtractionSchema>) =>
      request(extractionMadeSchema, "/api/caa/import", { method: "POST", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["experiments"] }),
  });
}
