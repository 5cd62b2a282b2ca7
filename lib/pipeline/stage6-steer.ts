import { formatJson } from "#lib/formats/json.ts";
import { judgeIdentity } from "./judging.ts";
import type { Stage, StageOutcome, StageScope } from "./stage.ts";
import { earlierResults, noEarlierResults, sharedInputs } from "./steer-earlier.ts";
import { steeringInputs, steeringVectors } from "./steer-inputs.ts";
import { changeOf, estimateWork, type SteerRequest, settingsAfter } from "./steer-plan.ts";
import { sampleFile, steeringFile } from "./steer-results.ts";
import { samplesOf } from "./steer-scores.ts";
import { runSweep, type SweepOutcome } from "./steer-sweep.ts";
import { vectorMetadataPath, vectorPath } from "./vectors.ts";

/**
 * Adds the vectors to the application model while it answers, and measures what that does to the trait and to the text,
 * beside random vectors of the same length. Writes steering/…/results.json and every answer. Settings that are there
 * stay while their inputs do: a run with other layers or strengths adds its own.
 */
export const steer: Stage = {
  name: "steer",
  version: "1",
  recordKey: ({ run }) => `steer ${run.config.position}`,

  async prepare(trait) {
    const { run, paths, folder } = trait;
    const { config } = run;
    const inputs = await steeringInputs(trait);
    const vectors = await steeringVectors(trait, inputs);
    const shared = await sharedInputs(trait, inputs);
    const earlier = await earlierResults(trait, shared);
    const request = { inputs, vectors, earlier, shared };
    return {
      determinants: { shared, ...settingsAfter(trait, request) },
      change: changeOf(trait, request),
      inputs: [
        `${folder}/steering.json`,
        `${folder}/definition.txt`,
        ...config.steering_methods.map((method) => vectorMetadataPath(paths, method)),
        ...vectors.map(({ source, layer }) => vectorPath(paths, source, layer)),
      ],
      outputs: [paths.steering.results],
      count: () => estimateWork(trait, inputs, earlier),
      run: (scope) => runSteer(scope, request),
    };
  },

  async estimate(trait) {
    return estimateWork(trait, await steeringInputs(trait), noEarlierResults);
  },
};

async function runSteer(scope: StageScope, request: SteerRequest): Promise<StageOutcome> {
  const { trait } = scope;
  const change = changeOf(trait, request);
  if (change) scope.info(`steering ${change}`);
  return writeResults(scope, request, await runSweep(scope, request));
}

async function writeResults(
  scope: StageScope,
  { inputs, shared }: SteerRequest,
  { norms, scored, searched, foundBySearch }: SweepOutcome,
): Promise<StageOutcome> {
  const { trait } = scope;
  const { run, paths } = trait;
  const { config, ports } = run;
  const { folder } = paths.steering;
  const written = new Set<string>();
  let errors = 0;
  for (const [setting, answers] of scored) {
    const path = `${folder}/${sampleFile(setting)}`;
    written.add(path);
    errors += answers.filter(({ error }) => error).length;
    await ports.artifacts.write(path, formatJson(samplesOf(answers, inputs.questions)));
  }
  const { definition, evalPrompt } = inputs;
  const file = steeringFile({
    trait: trait.name,
    applicationModel: config.application_model,
    position: config.position,
    component: config.component,
    questions: inputs.questions,
    seed: config.seed,
    baseNorms: norms,
    scored,
    foundBySearch,
    settings: {
      extraction_model: config.extraction_model,
      judge: { ...(await judgeIdentity(run)) },
      rubric: { definition, ...(evalPrompt === undefined ? {} : { eval_prompt: evalPrompt }) },
      search: searched.length > 0 ? "adaptive" : "grid",
      ...(searched.length > 0 ? { searched } : {}),
      direction: "positive",
      samples: config.samples,
      temperature: config.temperature,
      max_new_tokens: config.steering_max_new_tokens,
      steered_tokens: config.steered_tokens,
      random_vectors: config.random_vectors,
      seed: config.seed,
      inputs: shared,
    },
  });
  await ports.artifacts.write(paths.steering.results, formatJson(file));
  for (const path of await ports.artifacts.list(`${folder}/responses`)) {
    if (!written.has(path)) await ports.artifacts.remove(path);
  }
  return {
    counts: { settings: file.runs.length, answers: scored.size * inputs.prompts.length, errors },
    retry: scope.failed,
  };
}
