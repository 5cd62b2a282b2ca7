import { type Command, Option } from "commander";
import { buildLayouts, caaLayouts } from "#lib/caa/layouts/names.ts";
import { type CaaRequest, caaRequestSchema } from "#lib/caa/request.ts";
import { type Columns, columnRoles } from "#lib/caa/scenarios/columns.ts";
import { AppError } from "#lib/core/errors.ts";
import { runDevices } from "#lib/engine/run-device.ts";
import { openRouterUrl } from "#lib/teacher/settings.ts";

/** What the options of `caa build` say, as commander gives them. */
export interface CaaBuildOptions {
  personality: string;
  output: string;
  dataset?: string;
  config?: string;
  split?: string;
  columns?: string;
  model?: string;
  apiBase?: string;
  apiModel?: string;
  workers?: string;
  device?: string;
  limitSamples?: string;
  batchSize?: string;
  checkpointInterval?: string;
  maxCost?: string;
  rpm?: string;
  temperature?: string;
  seed?: string;
  layout?: string;
  dryRun?: boolean;
  json?: boolean;
}

const json = ["--json", "print one JSON document"] as const;

/** `caa build`, `convert` and `inspect`. @param done waits for a command's work and reports its exit code */
export function addCaaCommands(caa: Command, done: (work: Promise<unknown>) => Promise<void>): void {
  const command = (work: (all: typeof import("./commands/caa.ts")) => Promise<unknown>) =>
    done(import("./commands/caa.ts").then(work));
  caa
    .command("build")
    .description("build a dataset for each personality; the same command again goes on where it stopped")
    .requiredOption(
      "--personality <list>",
      "Extroversion, Narcissism … or any word; several: comma-separated",
    )
    .requiredOption(
      "-o, --output <folder>",
      "where to write; of several personalities each in a folder of its own",
    )
    .option(
      "--dataset <name>",
      "bundled, a .jsonl, .csv or .parquet file, or an id on the Hugging Face Hub",
      "bundled",
    )
    .option("--config <name>", "of a Hub dataset")
    .option("--split <name>", "of a Hub dataset (default: train)")
    .option(
      "--columns <list>",
      `which columns hold what: situation=text,name=who (${columnRoles.join(", ")})`,
    )
    .option("--model <id>", "an installed model writes (default: demo)")
    .addOption(new Option("--device <device>", "where --model runs (default: auto)").choices(runDevices))
    .option("--batch-size <number>", "samples at once with --model (default: 8)")
    .option("--api-base <url>", "an OpenAI-compatible API writes (with --api-model alone: OpenRouter)")
    .option("--api-model <list>", "its model, and those to fall back to")
    .option("--workers <number>", "samples at once with --api-model (default: 4)")
    .option("--rpm <number>", "requests a minute at most")
    .option("--max-cost <dollars>", "stop before the total would pass this")
    .option("--limit-samples <number>", "samples of each dataset (default: all the scenarios)")
    .option(
      "--checkpoint-interval <number>",
      "samples between two checkpoints (default: TILLER_CAA_CHECKPOINT_INTERVAL, else 100)",
    )
    .option("--temperature <number>", "of the answers (default: 0.7, of the demo model 0)")
    .option("--seed <number>", "of the options' order and the answers (default: 42)")
    .addOption(new Option("--layout <layout>", "of the dataset").choices(buildLayouts).default("psyctl"))
    .option("--dry-run", "print scenarios, calls, tokens and cost, and ask nobody")
    .option(...json)
    .action((options: CaaBuildOptions) => command((all) => all.caaBuildCommand(options)));
  caa
    .command("convert <file>")
    .description("a dataset in the layout of another tool")
    .addOption(new Option("--to <layout>", "which").choices(caaLayouts).makeOptionMandatory())
    .requiredOption("-o, --output <file>", "where to write")
    .action((file, options) => command((all) => all.caaConvertCommand(file, options)));
  caa
    .command("inspect <file>")
    .description("a dataset's layout, counts and balance")
    .option(...json)
    .action((file, options) => command((all) => all.caaInspectCommand(file, options)));
  caa
    .command("use <file>")
    .description(
      "a trait and an experiment of a dataset: the answer's token is read, vectors and steering follow",
    )
    .requiredOption("--as <trait>", "the trait's name: caa/NAME")
    .requiredOption("--experiment <name>", "a new folder below experiments/")
    .option("--model <id>", "whose hidden states are read", "demo")
    .option("--personality <word>", "what it contrasts (default: the dataset's own, else the trait's name)")
    .option(...json)
    .action((file, options) =>
      done(import("./commands/caa-use.ts").then((all) => all.caaUseCommand(file, options))),
    );
}

/** The request that the options make. Throws `usage`. */
export function caaRequestOf(options: CaaBuildOptions, env: NodeJS.ProcessEnv = process.env): CaaRequest {
  const api = options.apiBase !== undefined || options.apiModel !== undefined;
  if (api && options.model !== undefined) throw usage("--model and --api-model: choose one");
  if (api && options.apiModel === undefined) throw usage("--api-base needs --api-model");
  const interval = options.checkpointInterval ?? (env.TILLER_CAA_CHECKPOINT_INTERVAL || undefined);
  const given = {
    personalities: listOf(options.personality),
    dataset: options.dataset,
    config: options.config,
    split: options.split,
    columns: options.columns === undefined ? undefined : columnsOf(options.columns),
    teacher: {
      provider: api ? (options.apiBase ?? openRouterUrl) : "builtin",
      models: api ? listOf(options.apiModel ?? "") : [options.model ?? "demo"],
      device: options.device,
      workers: numberOf(api ? options.workers : (options.batchSize ?? "8")),
      rpm: numberOf(options.rpm),
      max_cost_usd: numberOf(options.maxCost),
    },
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

const flags: Record<string, string> = {
  personalities: "--personality",
  provider: "--api-base",
  models: "--api-model",
  workers: "--workers or --batch-size",
  rpm: "--rpm",
  max_cost_usd: "--max-cost",
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
