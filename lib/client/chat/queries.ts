import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { type ProjectionRequest, projectionResponseSchema, steerablesSchema } from "#lib/chat/api.ts";
import { type NewPreset, namedPresetSchema, presetsResponseSchema } from "#lib/chat/presets.ts";
import { request } from "../request.ts";

const nothing = z.object({}).loose();

/** Every vector there is, with the installed models. */
export function useSteerables() {
  return useQuery({
    queryKey: ["steerables"],
    queryFn: ({ signal }) => request(steerablesSchema, "/api/steerables", { signal }),
  });
}

export function usePresets() {
  return useQuery({
    queryKey: ["presets"],
    queryFn: ({ signal }) => request(presetsResponseSchema, "/api/presets", { signal }),
  });
}

export function useSavePreset() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewPreset) => request(namedPresetSchema, "/api/presets", { method: "POST", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["presets"] }),
  });
}

export function useRemovePreset() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      request(nothing, `/api/presets/${encodeURIComponent(name)}`, { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["presets"] }),
  });
}

const tokensSchema = z.object({ tokens: z.array(z.object({ name: z.string(), created_at: z.string() })) });

/** Names of the endpoint's tokens; a token itself is told once, when it is made. */
export function useApiTokens() {
  return useQuery({
    queryKey: ["api-tokens"],
    queryFn: ({ signal }) => request(tokensSchema, "/api/settings/api-tokens", { signal }),
  });
}

export function useChangeApiTokens() {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: ["api-tokens"] });
  const create = useMutation({
    mutationFn: (name: string) =>
      request(z.object({ token: z.string() }), "/api/settings/api-tokens", {
        method: "POST",
        body: { name },
      }),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (name: string) =>
      request(nothing, `/api/settings/api-tokens/${encodeURIComponent(name)}`, { method: "DELETE" }),
    onSuccess,
  });
  return { create, remove };
}

export function useProjections() {
  return useMutation({
    mutationFn: (body: ProjectionRequest) =>
      request(projectionResponseSchema, "/api/projections", { method: "POST", body }),
  });
}
