import { z } from "zod";
import { teacherSettingsSchema } from "#lib/teacher/settings.ts";
import { gatingModes } from "./modes.ts";
import { payloadTypes } from "./payload-types.ts";
import { templateSets } from "./template-sets.ts";

/** Calls that an API is asked for in any minute, where nothing else is said. */
export const usualRpm = 30;

/** How the teacher writes. */
export const generationSchema = z.object({
  /** Tokens of an answer. */
  max_tokens: z.number().int().min(1).max(65_536).default(2048),
  temperature: z.number().min(0).max(2).default(0.3),
  top_p: z.number().gt(0).max(1).default(0.95),
  templates: z.enum(templateSets).default("teacher-1"),
});
export type Generation = z.output<typeof generationSchema>;

const file = z.string().min(1);

/** What a plan is made of, where none is given. */
export const planningSchema = z.object({
  topics: z.array(z.string().trim().min(1).max(2000)).max(10_000).default([]),
  /** Requests a topic. */
  count: z.number().int().min(1).max(50).default(5),
  payload_types: z
    .array(z.enum(payloadTypes))
    .min(1)
    .default(["itinerary", "checklist", "decision_tree", "procedure", "info_card"]),
});
export type Planning = z.output<typeof planningSchema>;

export const refinerySettingsSchema = z.object({
  gating_mode: z.enum(gatingModes).default("strict"),
  /** Records that one start refines at most; null: all. */
  limit: z.number().int().min(1).nullable().default(null),
  generation: generationSchema.prefault({}),
  teacher: teacherSettingsSchema,
});

/** One build: the form's fields, the options of `tiller refine`, what a build remembers. */
export const refineryRequestSchema = refinerySettingsSchema
  .extend({
    /** JSON Lines; null: planned from topics. */
    plan: file.nullable().default(null),
    planning: planningSchema.prefault({}),
    /** JSON Lines; null: written by the teacher. */
    drafts: file.nullable().default(null),
    critiques: file.nullable().default(null),
    /** Goes on where outputs are there; without it they are refused. */
    resume: z.boolean().default(false),
    /** Rejected ids that are asked again, and nothing else. */
    retry: z.array(z.string().min(1)).default([]),
  })
  .refine(({ plan, planning }) => plan !== null || planning.topics.length > 0, {
    message: "a plan or at least one topic is needed",
    path: ["plan"],
  });
export type RefineryRequest = z.output<typeof refineryRequestSchema>;
