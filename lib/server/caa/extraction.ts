import type { ExtractionMade } from "#lib/caa/api.ts";
import { extractionOf, type UseForExtraction } from "#lib/caa/extraction.ts";
import type { CaaFile } from "#lib/caa/layouts/file.ts";
import { AppError } from "#lib/core/errors.ts";
import { configPath } from "#lib/pipeline/paths.ts";
import { createExperiment } from "../experiments.ts";
import type { Instance } from "../instance.ts";

/** The category of traits that were made of CAA datasets. */
const category = "caa";

/**
 * Makes a trait and an experiment of a dataset: stage 3 reads the answer's token there, vectors and steering follow. A
 * model without a chat template reads the question as plain text.
 * Throws `conflict` (a name that is taken), `not-found` (model), `invalid-input` (no contrasts). Nothing is made then.
 */
export async function makeExtraction(
  instance: Pick<Instance, "artifacts" | "traits" | "models">,
  data: CaaFile,
  personality: string,
  { file, trait, experiment, model }: UseForExtraction,
): Promise<ExtractionMade> {
  const made = extractionOf(data, personality, file);
  const { hasChatTemplate } = await instance.models.identify(model);
  if ((await instance.artifacts.stat(configPath(experiment))) !== null) {
    throw new AppError("conflict", `experiment ${experiment} is there already: choose another name`);
  }
  const name = `${category}/${trait}`;
  await instance.traits.create(name, made.texts, { kind: "import", note: `CAA dataset ${file}` });
  await createExperiment(instance, experiment, {
    description: `The answer's token of ${made.pairs} questions of a CAA dataset: ${personality}`,
    extraction_model: model,
    application_model: model,
    traits: [name],
    position: made.position,
    ...(hasChatTemplate ? {} : { base_model: true }),
  });
  const { pairs, questions, position } = made;
  return { trait: name, experiment, pairs, questions, position };
}
