import { z } from "zod";
import { runDevices } from "#lib/engine/run-device.ts";

/** Of a provider that is named by its model alone. */
export const openRouterUrl = "https://openrouter.ai/api/v1";

/** Which models write, and within which limits: the form's fields, the options of a command, what a manifest records. */
export const teacherSettingsSchema = z.object({
  /** `builtin`: an installed model that Tiller runs; else the base URL of an OpenAI-compatible API. */
  provider: z.string().min(1).default("builtin"),
  /** The first is asked; the next where the provider does not have it or refuses payment (404, 402). */
  models: z.array(z.string().min(1)).min(1),
  /** `builtin` only: where the model runs. */
  device: z.enum(runDevices).default("auto"),
  /** Calls in flight at once. */
  workers: z.number().int().min(1).max(256).default(4),
  /** Attempts started in any minute; null: no limit. */
  rpm: z.number().int().min(1).nullable().default(null),
  timeout_seconds: z.number().min(1).max(3600).default(120),
  /** Attempts a call, the first included. */
  max_attempts: z.number().int().min(1).max(20).default(6),
  /** No call is started that could take the total above this; null: no cap. Needs a known price. */
  max_cost_usd: z.number().positive().nullable().default(null),
});
export type TeacherSettings = z.output<typeof teacherSettingsSchema>;
