import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type BuildAction,
  type BuildKindName,
  type BuildSnapshot,
  buildFilesSchema,
  buildListSchema,
  buildSnapshotSchema,
} from "#lib/builds/api.ts";
import { request } from "./request.ts";

/** How often a running build is looked at, in milliseconds. */
const LOOK_MS = 1_000;

export const buildPath = (kind: BuildKindName, name: string) =>
  `/api/builds/${kind}/${encodeURIComponent(name)}`;

/** Where one of a build's files is downloaded. */
export const buildFilePath = (kind: BuildKindName, name: string, file: string) =>
  `${buildPath(kind, name)}/files/${file.split("/").map(encodeURIComponent).join("/")}`;

const isRunning = (build: BuildSnapshot | undefined) => build?.state === "running";

/** The builds of a kind, the newest first. */
export function useBuilds(kind: BuildKindName) {
  return useQuery({
    queryKey: ["builds", kind],
    queryFn: ({ signal }) => request(buildListSchema, `/api/builds/${kind}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.builds.some(isRunning) ? LOOK_MS : false),
  });
}

/** One build, as it goes on. */
export function useBuild(kind: BuildKindName, name: string) {
  return useQuery({
    queryKey: ["builds", kind, name],
    queryFn: ({ signal }) => request(buildSnapshotSchema, buildPath(kind, name), { signal }),
    refetchInterval: ({ state }) => (isRunning(state.data) ? LOOK_MS : false),
  });
}

export interface BuildInput {
  /** As the builder knows it. */
  file: string;
  source: File;
}

/** Puts inputs into the folder of a build that has not begun. What is there already is not sent again. */
export type Upload = (name: string, inputs: readonly BuildInput[]) => Promise<void>;

/** Puts the inputs into the build's folder, then begins it. */
export function useStartBuild(kind: BuildKindName, upload: Upload) {
  const client = useQueryClient();
  return useMutation({
    async mutationFn({ name, wish, inputs }: { name: string; wish: unknown; inputs: BuildInput[] }) {
      await upload(name, inputs);
      const body = { name, request: wish };
      return request(buildSnapshotSchema, `/api/builds/${kind}`, { method: "POST", body });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["builds", kind] }),
  });
}

export function useBuildAction(kind: BuildKindName, name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: BuildAction) =>
      request(buildSnapshotSchema, `${buildPath(kind, name)}/${action}`, { method: "POST" }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["builds", kind] }),
  });
}

/** What a build's folder holds; read again when `state` changes. */
export function useBuildFiles({ kind, name, state }: Pick<BuildSnapshot, "kind" | "name" | "state">) {
  return useQuery({
    queryKey: ["builds", kind, name, "files", state],
    queryFn: ({ signal }) => request(buildFilesSchema, `${buildPath(kind, name)}/files`, { signal }),
  });
}
