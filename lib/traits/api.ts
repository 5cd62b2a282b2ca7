import { z } from "zod";
import { traitFiles } from "./folder.ts";

// What the trait routes take and give: the server, the pages and the command line share these shapes.

const fileName = z.enum(traitFiles);
const count = z.number().int().nonnegative();

// A lone surrogate cannot be written as UTF-8: it would come back as another character.
const text = z.string().refine((value) => value.isWellFormed(), {
  message: "holds half a character (a lone surrogate): delete it and type it again",
});

/** File name to text, with LF and without a BOM. */
export const textsSchema = z.partialRecord(fileName, text);

export const traitProblemSchema = z.object({
  file: z.string(),
  line: z.number().int().positive().nullable(),
  message: z.string(),
});

export const revisionKinds = [
  /** Found on disk: written by another program, or before there was a history. */
  "external",
  "create",
  "import",
  "duplicate",
  "save",
  "autosave",
  "restore",
] as const;

/** A state of a trait's files that is kept. */
export const revisionSchema = z.object({
  /** Counts up from 1. */
  id: z.number().int().positive(),
  /** When it was stored; of coalesced autosaves, the last. */
  at: z.string(),
  /** When the first of its coalesced autosaves was. */
  since: z.string(),
  kind: z.enum(revisionKinds),
  note: z.string().nullable(),
  /** The version that `trait.version` was. */
  version: z.string(),
  positives: count,
  negatives: count,
  questions: count,
  /** SHA-256 of each file. */
  files: z.partialRecord(fileName, z.string()),
});
export type Revision = z.infer<typeof revisionSchema>;

/** A trait's files as they are on disk. */
export const traitSchema = z.object({
  /** `category/trait` */
  trait: z.string(),
  /** Changes with any byte of any file: what a save begins from. */
  version: z.string(),
  /** Newest change of a file, ISO 8601. */
  edited_at: z.string(),
  texts: textsSchema,
  /** SHA-256 of each file. */
  files: z.partialRecord(fileName, z.string()),
  problems: z.array(traitProblemSchema),
});
export type Trait = z.infer<typeof traitSchema>;

/** GET /api/traits */
export const traitOverviewSchema = z.object({
  trait: z.string(),
  positives: count,
  negatives: count,
  questions: count,
  definition: z.boolean(),
  edited_at: z.string(),
  /** Why a run would refuse it, the first reason; null when it would not. */
  problem: z.string().nullable(),
  /** Of the newest experiment that vetted it. */
  vetting: z
    .object({
      experiment: z.string(),
      at: z.string(),
      /** Passed of all that have a verdict, 0-1; null where that was not vetted. */
      scenario_pass_rate: z.number().nullable(),
      response_pass_rate: z.number().nullable(),
    })
    .nullable(),
});
export type TraitOverview = z.infer<typeof traitOverviewSchema>;
export const traitsResponseSchema = z.object({ traits: z.array(traitOverviewSchema) });

/** POST /api/traits. Without texts: the files' skeletons. */
export const createTraitSchema = z.object({
  trait: z.string(),
  texts: textsSchema.optional(),
  kind: z.enum(["create", "import"]).default("create"),
});
export type CreateTrait = z.input<typeof createTraitSchema>;

/** PUT /api/traits/{category}/{trait}. A file that is not named stays as it is; null takes it away. */
export const saveTraitSchema = z.object({
  /** The version that the edit began from. */
  base: z.string(),
  texts: z.partialRecord(fileName, text.nullable()),
  /** Autosaves within some minutes become one revision. */
  kind: z.enum(["autosave", "save", "import"]).default("autosave"),
  note: z.string().max(500).nullable().default(null),
});
export type SaveTrait = z.input<typeof saveTraitSchema>;

/** What a save answers: the texts are the client's own. */
export const savedTraitSchema = traitSchema.omit({ texts: true }).extend({
  /** False: nothing was different. */
  changed: z.boolean(),
  revision: revisionSchema,
});
export type SavedTrait = z.infer<typeof savedTraitSchema>;

/** `details` of the 409 of a save whose base is not what is on disk. */
export const traitConflictSchema = z.object({
  disk: traitSchema,
  /** The texts of the version that the edit began from; null where the history no longer has it. */
  base: textsSchema.nullable(),
});
export type TraitConflict = z.infer<typeof traitConflictSchema>;

/** POST …/rename and …/duplicate, POST /api/trait-bin/{id}/restore (there without `to`: its old name). */
export const renameTraitSchema = z.object({ to: z.string() });
export const restoreDeletedSchema = renameTraitSchema.partial();

/** POST …/restore: the revision's files become the trait's, as a new revision. */
export const restoreRevisionSchema = z.object({ revision: z.number().int().positive(), base: z.string() });

/** GET …/revisions, newest first. */
export const revisionsResponseSchema = z.object({ revisions: z.array(revisionSchema) });
/** GET …/revisions/{id} */
export const revisionResponseSchema = z.object({ revision: revisionSchema, texts: textsSchema });

/** GET /api/trait-bin, newest first. */
export const deletedTraitSchema = z.object({
  id: z.string(),
  trait: z.string(),
  deleted_at: z.string(),
  positives: count,
  negatives: count,
});
export type DeletedTrait = z.infer<typeof deletedTraitSchema>;
export const binResponseSchema = z.object({ deleted: z.array(deletedTraitSchema) });
