import { z } from "zod";
import { steeringChoiceSchema } from "./steering-choice.ts";

/** A preset's name is a model's name for the endpoint; it is a file's name, too. */
export const presetNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, "use 1-64 of a-z, 0-9, _ and -, starting with a letter or digit");

/** `presets/{name}.json`: a model with its steering. */
export const presetSchema = z.object({
  model: z.string().min(1),
  steering: steeringChoiceSchema,
  created_at: z.string(),
});
export type Preset = z.infer<typeof presetSchema>;

export const namedPresetSchema = presetSchema.extend({ name: presetNameSchema });
export type NamedPreset = z.infer<typeof namedPresetSchema>;

/** POST /api/presets */
export const newPresetSchema = z.object({
  name: presetNameSchema,
  model: z.string().min(1),
  steering: steeringChoiceSchema,
});
export type NewPreset = z.infer<typeof newPresetSchema>;

/** GET /api/presets */
export const presetsResponseSchema = z.object({ presets: z.array(namedPresetSchema) });
