import { AppError } from "#lib/core/errors.ts";
import type { GatingMode } from "#lib/refinery/modes.ts";
import { type Generation, generationSchema } from "#lib/refinery/request.ts";
import { userPath } from "#lib/server/paths.ts";
import type { TeacherOptions } from "./teacher-options.ts";

export interface GenerationOptions extends TeacherOptions {
  maxTokens?: number;
  temperature?: number;
  topP?: number;
  json?: boolean;
}

export interface RefineOptions extends GenerationOptions {
  plan?: string;
  topic?: string;
  topics?: string;
  drafts?: string;
  critiques?: string;
  outDir?: string;
  output?: string;
  count?: number;
  types?: string;
  gatingMode?: GatingMode;
  resume?: boolean;
  dryRun?: boolean;
  limit?: number;
  retry?: string;
}

/** Throws `usage`. */
export function generationOf({ maxTokens, temperature, topP }: GenerationOptions): Generation {
  const parsed = generationSchema.safeParse({ max_tokens: maxTokens, temperature, top_p: topP });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const option = String(issue?.path[0] ?? "").replaceAll("_", "-");
  throw new AppError("usage", `--${option}: ${issue?.message ?? "not understood"}`);
}

/** A required option's file. Throws `usage`. */
export function fileOf(value: string | undefined, option: string): string {
  if (value !== undefined && value !== "") return userPath(value);
  throw new AppError("usage", `${option} is missing: name a file`);
}
