import { AppError } from "#lib/core/errors.ts";
import { parseLayers } from "#lib/core/layers.ts";
import type { PromptSource } from "#lib/engine/contract.ts";
import { vectorMethods } from "#lib/vectors/methods.ts";
import { definitionOf, type TraitContext } from "./context.ts";
import type { ModelIdentity } from "./ports.ts";
import { missingInput } from "./stage.ts";
import { type SteeringVector, steeringVector } from "./steer-settings.ts";
import { readMethodMetadata, readVector, vectorMetadataPath, vectorPath } from "./vectors.ts";

/** One question, as often as it is asked. */
export interface SteeringPrompt {
  question: number;
  sample: number;
  text: string;
  prompt: PromptSource;
}

/** What steering needs to know before the model is loaded. */
export interface SteeringInputs {
  model: ModelIdentity;
  layers: number[];
  questions: string[];
  prompts: SteeringPrompt[];
  definition: string;
  evalPrompt: string | undefined;
}

/** Throws `not-found` (no steering.json), `usage` (layers that the application model does not have). */
export async function steeringInputs(trait: TraitContext): Promise<SteeringInputs> {
  const { run, folder } = trait;
  const { config } = run;
  const { steering } = trait.trait;
  if (!steering) {
    throw new AppError(
      "not-found",
      `${folder}/steering.json is not there: write {"questions": ["…"]}, or skip steering (--no-steering)`,
    );
  }
  if (steering.eval_prompt !== undefined && !steering.eval_prompt.includes("{answer}")) {
    throw new AppError(
      "invalid-file",
      `${folder}/steering.json: eval_prompt has no {answer}: the judge would never see the text; write {answer} (and {question}) where they belong`,
    );
  }
  const model = await run.identify(config.application_model);
  const questions = steering.questions.slice(0, config.questions ?? steering.questions.length);
  return {
    model,
    layers: parseLayers(config.layers, model.layers),
    questions,
    prompts: questions.flatMap((text, question) =>
      Array.from({ length: config.samples }, (_, sample) => ({
        question,
        sample,
        text,
        prompt: model.hasChatTemplate ? { messages: [{ role: "user" as const, content: text }] } : { text },
      })),
    ),
    definition: definitionOf(trait),
    evalPrompt: steering.eval_prompt,
  };
}

/** The vectors to steer with: every steering method at every steered layer, methods first. Throws `not-found` (extract first) and `invalid-input` (another width). */
export async function steeringVectors(
  trait: TraitContext,
  { model, layers }: SteeringInputs,
): Promise<SteeringVector[]> {
  const { run, paths } = trait;
  const found: SteeringVector[] = [];
  for (const method of run.config.steering_methods) {
    const metadata = await readMethodMetadata(trait, method);
    if (!metadata && !vectorMethods.has(method)) {
      throw new AppError(
        "not-found",
        `${vectorMetadataPath(paths, method)} is not there: ${method} is no extraction method, and no vectors of that name were imported or combined`,
      );
    }
    if (!metadata) throw missingInput("steer", vectorMetadataPath(paths, method), "extract");
    for (const layer of layers) {
      const path = vectorPath(paths, method, layer);
      if (!metadata.layers[String(layer)]) throw missingInput("steer", path, "extract");
      const vector = await readVector(trait.run.ports.artifacts, path);
      if (vector.length !== model.hidden) {
        throw new AppError(
          "invalid-input",
          `${trait.name}: vectors of ${vector.length} numbers (${run.config.extraction_model}) cannot steer ` +
            `${model.id}, whose hidden states have ${model.hidden}: use models of one family`,
        );
      }
      found.push(await steeringVector(method, layer, vector));
    }
  }
  return found;
}
