import { z } from "zod";
import { errorJsonSchema } from "#lib/core/errors.ts";
import { isName } from "#lib/core/names.ts";
import { runDevices } from "#lib/engine/run-device.ts";
import { buildProgressSchema } from "./progress.ts";

// Builds as HTTP carries them: a build is a folder `datasets/{kind}/{name}` that a job of the server fills.

export const buildKinds = ["caa", "refinery"] as const;
export type BuildKindName = (typeof buildKinds)[number];

/** `stopped`: by a person, to be resumed; one that a dead server left goes on by itself. */
export const buildStates = ["running", "done", "stopped", "failed"] as const;
export type BuildState = (typeof buildStates)[number];

export const buildNameSchema = z
  .string()
  .refine(isName, { message: "use 1-64 of a-z, 0-9, _ and -, starting with a letter or digit" });

/** What a build's folder says of it. */
export const buildRecordSchema = z.object({
  state: z.enum(buildStates),
  /** The kind's own request. */
  request: z.unknown(),
  progress: buildProgressSchema,
  error: errorJsonSchema.nullable(),
  /** ISO 8601. */
  created_at: z.string(),
  ended_at: z.string().nullable(),
});
export type BuildRecord = z.infer<typeof buildRecordSchema>;

export const buildSnapshotSchema = buildRecordSchema.extend({
  kind: z.enum(buildKinds),
  name: z.string(),
  /** What a browser leases its batches by, where the model runs in one. */
  run_id: z.string(),
  device: z.enum(runDevices).nullable(),
});
export type BuildSnapshot = z.infer<typeof buildSnapshotSchema>;

export const buildListSchema = z.object({ builds: z.array(buildSnapshotSchema) });

/** POST: begins a build. */
export const newBuildSchema = z.object({ name: buildNameSchema, request: z.unknown() });

export const buildActions = ["stop", "resume"] as const;
export type BuildAction = (typeof buildActions)[number];

/** A page's file may not be larger: the server would cut a longer request off. A command reads files of any size. */
export const maxUploadBytes = 60 * 2 ** 20;

/** What a build's folder holds, and may be downloaded. */
export const buildFilesSchema = z.object({
  files: z.array(z.object({ name: z.string(), bytes: z.number(), modified: z.string() })),
});
export type BuildFile = z.infer<typeof buildFilesSchema>["files"][number];
