import { Command, Option } from "commander";
import { vectorFormatNames } from "#lib/formats/vectors/format-names.ts";
import type { StageName } from "#lib/pipeline/stages.ts";
import { exportFormats } from "#lib/traits/import/formats.ts";
import { addCaaCommands } from "./caa-program.ts";
import { exitCodes } from "./output.ts";
import { addRefineCommands } from "./refine-commands.ts";
import { addRunOptions, type RunOptions, requestOf } from "./request.ts";

type Work = Promise<unknown>;
export type Report = (code: number) => void;

/** Every command of contract.md that this version has. Commands are loaded when they are called. */
export function buildProgram(version: string, report: Report): Command {
  const program = new Command("tiller")
    .description("Build, check and use trait vectors.")
    .version(version)
    .showSuggestionAfterError(false)
    // Options behind a subcommand's name are its own, where the command before it has one of the same name.
    .enablePositionalOptions()
    .exitOverride();
  const done = async (work: Work) => {
    const code = await work;
    report(typeof code === "number" ? code : exitCodes.ok);
  };
  const add = (parent: Command, usage: string, description: string) =>
    parent.command(usage).description(description);
  const json = ["--json", "print one JSON document"] as const;

  addRunOptions(add(program, "run", "run the pipeline"), { stages: true }).action((options: RunOptions) =>
    done(run(options)),
  );
  const vet = add(program, "vet", "one vetting stage");
  addVetting("scenarios", "scenario");
  addVetting("responses", "response");
  add(vet, "failed", "which lines failed when they were last vetted: + 4,18-20 − 7")
    .requiredOption("--experiment <name>", "folder below experiments/")
    .option("--traits <list>", "category/trait,category/trait2 (default: all of the experiment)")
    .option(...json)
    .action((options: RunOptions) =>
      done(import("./commands/vet.ts").then((all) => all.vetFailedCommand(requestOf(options), options))),
    );
  addStage(program, "generate", "generate", "let the model complete the scenarios");
  addStage(program, "capture", "capture", "read the model's hidden states");
  addStage(program, "extract", "extract", "extract the vectors");
  addStage(program, "evaluate", "evaluate", "evaluate the vectors on held-out pairs");
  addStage(program, "steer", "steer", "steer the application model with the vectors");

  function addVetting(usage: string, kind: "scenario" | "response"): void {
    addRunOptions(add(vet, usage, `judge the ${usage}, and name those that failed`), { stages: false })
      .option("--changed", "only what was changed since the last vetting; refuses where all would be judged")
      .action((options: RunOptions) =>
        done(
          import("./commands/vet.ts").then((all) =>
            all.vetCommand(kind, requestOf(options, [`vet-${usage}` as StageName]), options),
          ),
        ),
      );
  }

  function addStage(parent: Command, usage: string, stage: StageName, description: string): void {
    addRunOptions(add(parent, usage, description), { stages: false }).action((options: RunOptions) =>
      done(run(options, [stage])),
    );
  }

  add(program, "report", "the experiment's report")
    .requiredOption("--experiment <name>", "folder below experiments/")
    .option("--html <file>", "write it as one printable HTML file, with the charts")
    .option(...json)
    .action((options) => done(import("./commands/results.ts").then((all) => all.reportCommand(options))));
  add(program, "export", "every tensor of an experiment, in the same layout")
    .requiredOption("--experiment <name>", "folder below experiments/")
    .addOption(new Option("--format <format>", "pt or safetensors").makeOptionMandatory())
    .requiredOption("-o, --output <folder>", "where to write")
    .action((options) => done(import("./commands/results.ts").then((all) => all.exportCommand(options))));

  const traits = add(program, "traits", "the authored traits");
  add(traits, "list", "every trait with its counts")
    .option(...json)
    .action((options) => done(import("./commands/traits.ts").then((all) => all.traitsListCommand(options))));
  add(
    traits,
    "lint [traits...]",
    "what looks weak in a trait's lines, and what to do; every trait by default",
  )
    .option(...json)
    .action((names, options) =>
      done(import("./commands/trait-lint.ts").then((all) => all.traitsLintCommand(names, options))),
    );
  add(traits, "new <trait>", "a new trait's folder: category/trait").action((trait) =>
    done(import("./commands/traits.ts").then((all) => all.traitsNewCommand(trait))),
  );

  const traitFiles = (work: (all: typeof import("./commands/trait-files.ts")) => Work) =>
    done(import("./commands/trait-files.ts").then(work));
  add(
    traits,
    "import <path...>",
    "trait folders, two .txt files, or a .csv, .jsonl or persona_vectors .json file",
  )
    .option("--as <trait>", "the new trait's name: category/trait")
    .action((paths, options) => traitFiles((all) => all.traitsImportCommand(paths, options)));
  add(traits, "export <trait>", "a trait's pairs in a common format")
    .addOption(new Option("--format <format>", "of the file").choices(exportFormats).makeOptionMandatory())
    .option("-o, --output <folder>", "where to write; without it: to stdout")
    .action((trait, options) => traitFiles((all) => all.traitsExportCommand(trait, options)));

  const models = add(program, "models", "the installed models");
  const model = (work: (all: typeof import("./commands/models.ts")) => Work) =>
    done(import("./commands/models.ts").then(work));
  add(models, "list", "every installed model")
    .option(...json)
    .action((options) => model((all) => all.modelsListCommand(options)));
  add(models, "add <model>", "install a folder or a Hugging Face Hub id").action((id) =>
    model((all) => all.modelsAddCommand(id)),
  );
  add(models, "remove <model>", "remove an installed model").action((id) =>
    model((all) => all.modelsRemoveCommand(id)),
  );
  add(models, "inspect <model>", "what the instrumenter finds in a model's graph")
    .option(...json)
    .action((id, options) => model((all) => all.modelsInspectCommand(id, options)));
  add(models, "verify <model>", "hold a model against states from PyTorch")
    .requiredOption("--reference <file>", "reference states (safetensors)")
    .option(...json)
    .action((id, options) => model((all) => all.modelsVerifyCommand(id, options)));

  const vectors = add(program, "vectors", "the extracted vectors");
  const vector = (work: (all: typeof import("./commands/vectors.ts")) => Work) =>
    done(import("./commands/vectors.ts").then(work));
  add(vectors, "list", "every vector by experiment, trait, position and method")
    .option("--experiment <name>", "only this experiment's")
    .option(...json)
    .action((options) => vector((all) => all.vectorsListCommand(options)));
  add(
    vectors,
    "compare <a> <b>",
    "two methods' vectors, layer by layer: experiment/category/trait/method, or a file of vectors",
  )
    .option(...json)
    .action((a, b, options) => vector((all) => all.vectorsCompareCommand(a, b, options)));

  add(vectors, "diff", "the same vector on its own model and on another of the same width")
    .requiredOption("--experiment <name>", "folder below experiments/")
    .requiredOption("--trait <trait>", "category/trait")
    .requiredOption("--layer <number>", "of the vector")
    .requiredOption("--model <id>", "the other model, installed")
    .option("--method <name>", "how the vector was extracted", "mean_diff")
    .option(
      "--ratio <number>",
      "strength, in mean norms of each model (default: the best setting's, else 0.7)",
    )
    .option("--questions <number>", "only the first of steering.json's")
    .option(...json)
    .action((options) =>
      done(import("./commands/model-diff.ts").then((all) => all.modelDiffCommand(options))),
    );

  add(vectors, "import <files...>", "vectors of a file, put beside a trait's own under a name")
    .requiredOption("--experiment <name>", "folder below experiments/")
    .requiredOption("--trait <trait>", "category/trait")
    .requiredOption("--as <name>", "what they are called here, as a method is")
    .option("--layer <number>", "of a file that holds one vector and does not say whose")
    .option(...json)
    .action((files, options) => vector((all) => all.vectorsImportCommand(files, options)));
  add(
    vectors,
    "combine <sum>",
    'vectors made of others: "mean_diff - 0.5*probe"; also category/trait/method, experiment/category/trait/method',
  )
    .requiredOption("--experiment <name>", "folder below experiments/")
    .requiredOption("--trait <trait>", "category/trait")
    .requiredOption("--as <name>", "what they are called here, as a method is")
    .option("--orthogonal-to <list>", "vectors whose directions are taken out: probe,demo/refusal/probe")
    .option("--average-layers <list>", "the mean over these layers, at each of them: all, 1,4, 2-5")
    .option(...json)
    .action((sum, options) => vector((all) => all.vectorsCombineCommand(sum, options)));

  add(vectors, "remove <name>", "remove vectors that were imported or combined")
    .requiredOption("--experiment <name>", "folder below experiments/")
    .requiredOption("--trait <trait>", "category/trait")
    .action((name, options) => vector((all) => all.vectorsRemoveCommand(name, options)));

  add(vectors, "export", "one method's vectors of a trait, for another tool")
    .requiredOption("--experiment <name>", "folder below experiments/")
    .requiredOption("--trait <trait>", "category/trait")
    .option("--method <name>", "how they were extracted", "mean_diff")
    .option("--layers <list>", "all, 3, 1,4, 2-5 or 30%-60%")
    .option("--position <position>", "default: the experiment's")
    .addOption(
      new Option("--format <format>", "of the files").choices(vectorFormatNames).makeOptionMandatory(),
    )
    .requiredOption("-o, --output <folder>", "where to write")
    .action((options) =>
      done(import("./commands/vector-export.ts").then((all) => all.vectorExportCommand(options))),
    );

  addCaaCommands(add(program, "caa", "datasets of contrasts between a personality and none"), done);
  addRefineCommands(
    add(program, "refine", "plan, draft, critique and refine a training set; gates decide what is accepted"),
    done,
  );

  add(program, "serve", "serve the pages, as npm start does")
    .option("--port <number>", "default 3000")
    .action((options) => done(import("./commands/serve.ts").then((all) => all.serveCommand(options))));
  add(program, "doctor", "what this machine offers, and what is in the way")
    .option(...json)
    .action((options) => done(import("./commands/doctor.ts").then((all) => all.doctorCommand(options))));
  configureAll(program);
  return program;
}

async function run(options: RunOptions, only?: StageName[]): Promise<number> {
  const request = requestOf(options, only);
  return (await import("./commands/run.ts")).runCommand(request, options);
}

/** Wrong usage is one line on stderr; commander gives a command's settings to its children only when it creates them. */
function configureAll(command: Command): void {
  command
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({
      outputError: (text, write) => write(`${text.trim().replace(/\s*\n\s*/g, " ")}\n`),
    });
  for (const child of command.commands) configureAll(child);
}
