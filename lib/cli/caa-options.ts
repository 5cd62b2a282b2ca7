import { type CaaRequest, caaRequestSchema } from "#lib/caa/request.ts";
import { type Columns, columnRoles } from "#lib/caa/scenarios/columns.ts";
import { AppError } from "#lib/core/errors.ts";
import { type TeacherOptions, teacherOf } from "./teacher-options.ts";

/** What the options of `caa build` say, as commander gives them. */
export interface CaaBuildOptions extends TeacherOptions {
  personality: string;
  output: string;
  dataset?: string;
  config?: string;
  split?: string;
  columns?: string;
  limitSamples?: string;
  batchSize?: number;
  checkpointInterval?: string;
  temperature?: string;
  seed?: string;
  layout?: string;
  dryRun?: boolean;
  json?: boolean;
}

/** The request that the options make. Throws `usage`. */
export function caaRequestOf(
  options: CaaBuildOptions,
  env: Record<string, string | undefined> = process.env,
): CaaRequest {
  const interval = options.checkpointInterval ?? (env.TILLER_CAA_CHECKPOINT_INTERVAL || undefined);
  const given = {
    personalities: listOf(options.personality),
    dataset: options.dataset,
    config: options.config,
    split: options.split,
    columns: options.columns === undefined ? undefined : columnsOf(options.columns),
    teacher: teacherOf(writerOf(options)),
    limit: numberOf(options.limitSamples),
    checkpoint_interval: numberOf(interval),
    seed: numberOf(options.seed),
    temperature: numberOf(options.temperature),
    layout: options.layout,
  };
  const parsed = caaRequestSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = String(issue?.path.findLast((part) => typeof part === "string") ?? "");
  throw usage(`${flags[field] ?? field}: ${issue?.message ?? "wrong"}`);
}

/** The demo model, where nobody is named; an installed model writes a batch at once. */
function writerOf({ batchSize = 8, ...options }: CaaBuildOptions): TeacherOptions {
  if (options.apiBase !== undefined || options.apiModel !== undefined) return options;
  return { model: "demo", ...options, workers: options.workers ?? batchSize };
}

const flags: Record<string, string> = {
  personalities: "--personality",
  limit: "--limit-samples",
  checkpoint_interval: "--checkpoint-interval (or TILLER_CAA_CHECKPOINT_INTERVAL)",
  seed: "--seed",
  temperature: "--temperature",
  dataset: "--dataset",
};

function listOf(text: string): string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

/** NaN for what is no number: the schema refuses it. */
function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : text.trim() === "" ? Number.NaN : Number(text);
}

function columnsOf(text: string): Columns {
  const columns: Columns = {};
  for (const part of listOf(text)) {
    const [role, ...column] = part.split("=");
    const known = columnRoles.find((name) => name === role?.trim());
    const name = column.join("=").trim();
    if (!known || name === "") {
      throw usage(
        `--columns ${JSON.stringify(part)}: write ROLE=COLUMN, with a role of ${columnRoles.join(", ")}`,
      );
    }
    columns[known] = name;
  }
  return columns;
}

function usage(message: string): AppError {
  return new AppError("usage", message);
}
