import { type Command, InvalidArgumentError } from "commander";
import { AppError } from "#lib/core/errors.ts";
import { openRouterUrl, type TeacherSettings, teacherSettingsSchema } from "#lib/teacher/settings.ts";

/** What the options of a teacher say, as commander gives them. */
export interface TeacherOptions {
  model?: string;
  device?: string;
  apiBase?: string;
  apiModel?: string;
  workers?: number;
  rpm?: number;
  timeout?: number;
  maxCost?: number;
}

/** Reads a number. Throws commander's error: one line, exit code 2. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("Write a number.");
  return value;
}

/** Adds the options that choose who writes, and within which limits. */
export function addTeacherOptions(command: Command): Command {
  return command
    .option("--model <id>", "an installed model that writes (demo: the bundled one)")
    .option("--device <name>", "where it runs: auto, cpu, cuda or webgpu")
    .option("--api-base <url>", "an OpenAI-compatible API (with --api-model alone: OpenRouter)")
    .option("--api-model <names>", "its model; further ones, after commas, where it is not to be had")
    .option("--workers <number>", "calls at once (4)", number)
    .option("--rpm <number>", "calls started in any minute", number)
    .option("--timeout <seconds>", "of one attempt (120)", number)
    .option("--max-cost <usd>", "spending cap; needs a model of known price", number);
}

/** Throws `usage`. */
export function teacherOf(options: TeacherOptions, defaults: Partial<TeacherSettings> = {}): TeacherSettings {
  const { model, device, apiBase, apiModel, workers, rpm, timeout, maxCost } = options;
  const says = (text: string) => new AppError("usage", text);
  if (model !== undefined && (apiBase ?? apiModel) !== undefined) {
    throw says(
      "--model names an installed model: leave out --api-base and --api-model, or leave out --model",
    );
  }
  if (apiBase !== undefined && apiModel === undefined) throw says("--api-base needs --api-model");
  if (model === undefined && apiModel === undefined) {
    throw says("who is to write? --model ID (an installed model), or --api-base URL --api-model NAME");
  }
  const models = (apiModel ?? model ?? "").split(",").map((name) => name.trim());
  const parsed = teacherSettingsSchema.safeParse({
    ...defaults,
    provider: apiModel === undefined ? "builtin" : (apiBase ?? openRouterUrl),
    models: models.filter((name) => name !== ""),
    ...(device !== undefined && { device }),
    ...(workers !== undefined && { workers }),
    ...(rpm !== undefined && { rpm }),
    ...(timeout !== undefined && { timeout_seconds: timeout }),
    ...(maxCost !== undefined && { max_cost_usd: maxCost }),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw says(
    `${optionNames[String(issue?.path[0])] ?? "the teacher"}: ${issue?.message ?? "not understood"}`,
  );
}

const optionNames: Record<string, string> = {
  models: "--api-model",
  device: "--device",
  workers: "--workers",
  rpm: "--rpm",
  timeout_seconds: "--timeout",
  max_cost_usd: "--max-cost",
};
