import { type Command, Option } from "commander";
import { gatingModes } from "#lib/refinery/modes.ts";
import type { RefineOptions } from "./refine-options.ts";
import { addTeacherOptions, number } from "./teacher-options.ts";

function addWriterOptions(command: Command): Command {
  return addTeacherOptions(command)
    .option("--max-tokens <number>", "of an answer (2048)", number)
    .option("--temperature <number>", "0.3", number)
    .option("--top-p <number>", "0.95", number)
    .option("--json", "print one JSON document");
}

/** `refine` and its steps. Options before a step's name are `refine`'s own. @param done waits for a command's work and reports its exit code */
export function addRefineCommands(refine: Command, done: (work: Promise<unknown>) => Promise<void>): void {
  const act =
    (work: (all: typeof import("./commands/refine.ts"), options: RefineOptions) => Promise<unknown>) =>
    (options: RefineOptions) =>
      done(import("./commands/refine.ts").then((all) => work(all, options)));
  const limit = ["--limit <number>", "records of the plan at most", number] as const;
  refine.enablePositionalOptions();
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
