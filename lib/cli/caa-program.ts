import { type Command, Option } from "commander";
import { buildLayouts, caaLayouts } from "#lib/caa/layouts/names.ts";
import { columnRoles } from "#lib/caa/scenarios/columns.ts";
import type { CaaBuildOptions } from "./caa-options.ts";
import { addTeacherOptions, number } from "./teacher-options.ts";

const json = ["--json", "print one JSON document"] as const;

/** `caa build`, `convert` and `inspect`. @param done waits for a command's work and reports its exit code */
export function addCaaCommands(caa: Command, done: (work: Promise<unknown>) => Promise<void>): void {
  const command = (work: (all: typeof import("./commands/caa.ts")) => Promise<unknown>) =>
    done(import("./commands/caa.ts").then(work));
  addTeacherOptions(caa.command("build"))
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
    .option("--batch-size <number>", "samples at once with --model (8)", number)
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
