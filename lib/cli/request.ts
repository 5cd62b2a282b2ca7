import { type Command, InvalidArgumentError } from "commander";
import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, parseTraitList } from "#lib/core/names.ts";
import type { RunRequest } from "#lib/pipeline/api.ts";
import { type ConfigInput, configSchema } from "#lib/pipeline/config.ts";
import { type RunFlag, runFlags } from "#lib/pipeline/flags.ts";
import { parseStages, type StageName } from "#lib/pipeline/stages.ts";

/** What the options of `run` and of the single stages say, as commander gives them. */
export type RunOptions = Record<string, unknown> & {
  experiment: string;
  traits?: string;
  onlyStage?: string;
  dryRun?: boolean;
  json?: boolean;
};

/** Adds the options of contract.md; a command of one stage has no choice of stages. */
export function addRunOptions(command: Command, options: { stages: boolean }): Command {
  command.requiredOption("--experiment <name>", "folder below experiments/");
  command.option("--traits <list>", "category/trait,category/trait2 (default: all of the experiment)");
  if (options.stages) command.option("--only-stage <list>", "names or numbers: 0,1,2 or generate,capture");
  for (const flag of runFlags) addFlag(command, flag);
  command.option("--dry-run", "print the plan and stop");
  return command.option("--json", "print one JSON document");
}

function addFlag(command: Command, flag: RunFlag): void {
  if (flag.kind === "switch") {
    command.option(`--${flag.flag}`, flag.help).option(`--no-${flag.flag}`, "the opposite");
    return;
  }
  command.option(`--${flag.flag} <${flag.argument ?? "value"}>`, flag.help, (text: string) =>
    readFlag(flag, text),
  );
}

/** Reads and checks one option's text by the schema of config.json. Throws commander's error: one line, exit code 2. */
export function readFlag({ field, kind }: RunFlag, text: string): unknown {
  const parsed = configSchema.shape[field as keyof typeof configSchema.shape]?.safeParse(
    parseText(kind, text),
  );
  if (parsed?.success) return parsed.data;
  const issue = parsed?.error.issues[0];
  const number = kind === "number" || kind === "numbers";
  throw new InvalidArgumentError(
    number && Number.isNaN(Number(text)) ? "Write a number." : `${issue?.message ?? "It is not known"}.`,
  );
}

function parseText(kind: RunFlag["kind"], text: string): unknown {
  const words = text.split(",").map((word) => word.trim());
  // An empty text is no number, though Number("") is 0.
  const number = (word: string) => (word.trim() === "" ? word : Number(word));
  if (kind === "number") return number(text);
  if (kind === "list") return words;
  if (kind === "numbers") return text === "adaptive" ? text : words.map(number);
  return text;
}

/** The request that the options make. Throws `usage`. */
export function requestOf(options: RunOptions, only?: StageName[]): RunRequest {
  const config: ConfigInput = {};
  for (const { flag, field } of runFlags) {
    const value = options[camelCase(flag)];
    if (value !== undefined) (config as Record<string, unknown>)[field] = value;
  }
  const stages = only ?? (options.onlyStage === undefined ? undefined : parseStages(options.onlyStage));
  const traits = options.traits === undefined ? undefined : parseTraitList(options.traits).map(formatTraitId);
  if (traits?.length === 0) throw new AppError("usage", "--traits names none: write category/trait");
  return {
    experiment: options.experiment,
    config,
    ...(traits ? { traits } : {}),
    ...(stages ? { stages } : {}),
  };
}

function camelCase(flag: string): string {
  return flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
