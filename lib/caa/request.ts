import { z } from "zod";
import { teacherSettingsSchema } from "#lib/teacher/settings.ts";
import { buildLayouts } from "./layouts/names.ts";
import { columnsSchema } from "./scenarios/columns.ts";

/** The dataset that comes with Tiller. */
export const bundledScenarios = "bundled";

const lettersOf = (word: string) => word.toLowerCase();

/** Where scenarios come from. */
export const scenarioSourceSchema = z.object({
  /** `bundled`, a file (JSON Lines, CSV, Parquet), or a dataset's id on the Hugging Face Hub. */
  dataset: z.string().trim().min(1).max(1_000).default(bundledScenarios),
  /** Of a Hub dataset; null: its only one, or `default`. */
  config: z.string().min(1).max(200).nullable().default(null),
  /** Of a Hub dataset; null: `train`, or its only one. */
  split: z.string().min(1).max(200).nullable().default(null),
  columns: columnsSchema.default({}),
});
export type ScenarioSourceSettings = z.output<typeof scenarioSourceSchema>;

/** What a build is asked for: the form's fields, the options of the command. */
export const caaRequestSchema = scenarioSourceSchema.extend({
  /** One dataset each: Big Five, Dark Triad, or any other word. */
  personalities: z
    .array(z.string().trim().min(1).max(80))
    .min(1, "name at least one personality")
    .max(20)
    .refine((words) => new Set(words.map(lettersOf)).size === words.length, "a personality is named twice"),
  teacher: teacherSettingsSchema,
  /** Samples of each dataset; null: as many as the scenarios give. */
  limit: z.number().int().min(1).max(1_000_000).nullable().default(null),
  /** Samples between two writings of the checkpoint. */
  checkpoint_interval: z.number().int().min(1).max(100_000).default(100),
  /** Of the options' order and of every answer. */
  seed: z.number().int().min(0).max(0xffff_ffff).default(42),
  /** Null: as suits the prompts. */
  temperature: z.number().min(0).max(2).nullable().default(null),
  layout: z.enum(buildLayouts).default("psyctl"),
});
export type CaaRequest = z.output<typeof caaRequestSchema>;
export type CaaRequestInput = z.input<typeof caaRequestSchema>;
