import { AppError } from "#lib/core/errors.ts";
import { parseTraitId } from "#lib/core/names.ts";
import { parseJournal } from "#lib/pipeline/journal.ts";
import { judgeInputs, type Rubric } from "#lib/pipeline/judge-inputs.ts";
import type { JudgeInputs } from "#lib/pipeline/steering-api.ts";
import { readTraitFolder } from "#lib/pipeline/trait-folder.ts";
import { readSamples, readSteering, steeringPaths } from "./experiments.ts";
import type { Instance } from "./instance.ts";

/** What the judge was asked of the answer at place `at` of a samples file. Throws `not-found`, `usage`. */
export async function readJudgeInputs(
  instance: Instance,
  experiment: string,
  trait: string,
  choice: { samples: string; at: number },
): Promise<JudgeInputs> {
  const { artifacts } = instance;
  const file = await readSteering(instance, experiment, trait);
  const samples = await readSamples(instance, experiment, trait, choice.samples);
  const sample = samples[choice.at];
  if (!sample) {
    throw new AppError(
      "usage",
      `at ${choice.at}: ${choice.samples} holds ${samples.length} answers, counted from 0`,
    );
  }
  const { judgements } = await steeringPaths(artifacts, experiment, trait);
  const journal = parseJournal((await artifacts.readText(judgements)) ?? "");
  const rubric = file.rubric ? null : await rubricNow(instance, trait);
  return judgeInputs(file, sample, rubric, journal);
}

async function rubricNow({ artifacts }: Instance, trait: string): Promise<Rubric | null> {
  const { definition, steering } = await readTraitFolder(artifacts, parseTraitId(trait));
  return definition === null ? null : { definition, eval_prompt: steering?.eval_prompt };
}
