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

/** Bytes of an upload's part at most: what a request may carry (next.config.mjs), with room to spare. */
export const uploadPartBytes = 16 * 2 ** 20;

/** The file that a page uploads, as the browser tells it: equal in all three is the same file. Query of …/uploads/{file}. */
export const uploadSourceSchema = z.object({
  name: z.string().max(1_024),
  size: z.coerce.number().int().min(0),
  /** Its last change, in milliseconds since 1970. */
  modified: z.coerce.number().int(),
});
export type UploadSource = z.infer<typeof uploadSourceSchema>;

/** PUT …/uploads/{file}: one part, with the byte it begins at. */
export const uploadPartSchema = uploadSourceSchema.extend({ offset: z.coerce.number().int().min(0) });

/** What has arrived. POST …/uploads/{file} and every part answer with it. */
export const uploadStateSchema = z.object({
  received: z.number().int(),
  /** True once the file is the build's input. */
  complete: z.boolean(),
});
export type UploadState = z.infer<typeof uploadStateSchema>;

/** What a build's folder holds, and may be downloaded. */
export const buildFilesSchema = z.object({
  files: z.array(z.object({ name: z.string(), bytes: z.number(), modified: z.string() })),
});
export type BuildFile = z.infer<typeof buildFilesSchema>["files"][number];

/** DELETE …/{name}: the build's entry in the bin. */
export const removedBuildSchema = z.object({ id: z.string() });

/** GET /api/build-bin/{kind}, newest first. */
export const buildBinSchema = z.object({
  deleted: z.array(z.object({ id: z.string(), name: z.string(), deleted_at: z.string() })),
});
export type DeletedBuild = z.infer<typeof buildBinSchema>["deleted"][number];

/** POST /api/build-bin/{kind}/{entry}/restore: under another name, where `to` is given. Answers with the name. */
export const restoreBuildSchema = z.object({ to: buildNameSchema.optional() });
export const restoredBuildSchema = z.object({ name: z.string() });
