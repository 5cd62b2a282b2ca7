import { type Command, Option } from "commander";
import { AppError } from "#lib/core/errors.ts";
import { gatingModes } from "#lib/refinery/modes.ts";
import { type Generation, generationSchema } from "#lib/refinery/request.ts";
import { userPath } from "#lib/server/paths.ts";
import { addTeacherOptions, number, type TeacherOptions } from "../teacher-options.ts";

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
  gatingMode?: (typeof gatingModes)[number];
  resume?: boolean;
  dryRun?: boolean;
  limit?: number;
  retry?: string;
}

function addWriterOptions(command: Command): Command {
  return addTeacherOptions(command)
    .option("--max-tokens <number>", "of an answer (2048)", number)
    .option("--temperature <number>", "0.3", number)
    .option("--top-p <number>", "0.95", number)
    .option("--json", "print one JSON document");
}

type Action = (options: RefineOptions) => void;

/** `tiller refine` and its steps. Options before a step's name are `refine`'s own. */
export function addRefineCommands(
  program: Command,
  act: (work: (all: typeof import("./refine.ts"), options: RefineOptions) => Promise<unknown>) => Action,
): void {
  const limit = ["--limit <number>", "records of the plan at most", number] as const;
  const refine = program
    .command("refine")
    .description("plan, draft, critique and refine a training set; gates decide what is accepted")
    .enablePositionalOptions();
  addWriterOptions(
    refine
      .option("--plan <file>", "JSON Lines: what is to be written")
      .option("--drafts <file>", "JSON Lines; without it they are written first, into DIR/drafts.jsonl")
      .option("--critiques <file>", "JSON Lines; without it they are written first, into DIR/critiques.jsonl")
      .option("--out-dir <dir>", "where dataset_v1.jsonl and its companions go")
      .addOption(
        new Option(
          "--gating-mode <mode>",
          "strict: JSON and nothing else; lenient: a fence is tolerated",
        ).choices(gatingModes),
      )
      .option("--resume", "go on where outputs are there")
      .option("--dry-run", "check and count everything, ask nobody, write nothing")
      .option("--limit <number>", "records that this start refines at most", number)
      .option("--retry <ids>", "rejected ids, after commas, that are asked again"),
  ).action(act((all, options) => all.refineCommand(options)));

  addWriterOptions(
    refine
      .command("plan")
      .description("requests about topics")
      .option("--topics <file>", "one topic a line")
      .option("--topic <text>", "one topic")
      .option("--count <number>", "requests a topic (5)", number)
      .option(
        "--types <list>",
        "payload types: itinerary,checklist,decision_tree,procedure,info_card,contrast_pairs",
      )
      .requiredOption("-o, --output <file>", "where the plan goes; run again, it goes on"),
  ).action(act((all, options) => all.refinePlanCommand(options)));
  addWriterOptions(
    refine
      .command("draft")
      .description("a draft for every record of a plan")
      .requiredOption("--plan <file>", "JSON Lines")
      .option(...limit)
      .requiredOption("-o, --output <file>", "where the drafts go; run again, it goes on"),
  ).action(act((all, options) => all.refineDraftCommand(options)));
  addWriterOptions(
    refine
      .command("critique")
      .description("a critique of every draft")
      .requiredOption("--plan <file>", "JSON Lines")
      .requiredOption("--drafts <file>", "JSON Lines")
      .option(...limit)
      .requiredOption("-o, --output <file>", "where the critiques go; run again, it goes on"),
  ).action(act((all, options) => all.refineCritiqueCommand(options)));
  refine
    .command("pairs")
    .description("the accepted contrast pairs, for tiller traits import")
    .requiredOption("--out-dir <dir>", "of a finished or unfinished tiller refine")
    .requiredOption("-o, --output <file>", "a new .jsonl file")
    .action(act((all, options) => all.refinePairsCommand(options)));
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
