import type { Engine } from "#lib/engine/contract.ts";
import { formatJson } from "#lib/formats/json.ts";
import type { TraitContext } from "./context.ts";
import { groupSizeFor } from "./items.ts";
import { countJudging, judgeIdentity } from "./judging.ts";
import type { Stage, StageOutcome, StageScope, StageWork } from "./stage.ts";
import { type Setting, type SteeredAnswer, steeredAnswers } from "./steer-answers.ts";
import { type SteeringInputs, steeringInputs, steeringVectors } from "./steer-inputs.ts";
import { answerItems, scoreAnswers, settingId } from "./steer-judge.ts";
import { baseNorms } from "./steer-norms.ts";
import { sampleFile, steeringFile } from "./steer-results.ts";
import { type ScoredAnswer, samplesOf, settingScores } from "./steer-scores.ts";
import {
  adaptive,
  nextRatio,
  randomVectors,
  type SearchState,
  type SteeringSetting,
  type SteeringVector,
  settingOf,
} from "./steer-settings.ts";
import { vectorMetadataPath, vectorPath } from "./vectors.ts";

/**
 * Adds the vectors to the application model while it answers, and measures what that does to the trait and to the text,
 * beside random vectors of the same length. Writes steering/…/results.json and every answer.
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
    return {
      determinants: {
        model: inputs.model.fingerprint,
        judge: await judgeIdentity(run),
        prompts: inputs.prompts.map(({ prompt, sample }) => [prompt, sample]),
        definition: inputs.definition,
        eval_prompt: inputs.evalPrompt ?? null,
        trait: trait.id.trait,
        component: config.component,
        vectors: vectors.map(({ source, layer, hash }) => [source, layer, hash]),
        coefs: config.coefs,
        random_vectors: config.random_vectors,
        seed: config.seed,
        max_new_tokens: config.steering_max_new_tokens,
        temperature: config.temperature,
        steered_tokens: config.steered_tokens,
      },
      inputs: [
        `${folder}/steering.json`,
        `${folder}/definition.txt`,
        ...config.steering_methods.map((method) => vectorMetadataPath(paths, method)),
        ...vectors.map(({ source, layer }) => vectorPath(paths, source, layer)),
      ],
      outputs: [paths.steering.results],
      count: () => estimateWork(trait, inputs),
      run: (scope) => runSteer(scope, inputs, vectors),
    };
  },

  async estimate(trait) {
    return estimateWork(trait, await steeringInputs(trait));
  },
};

/** Every answer of the sweep counts: which of them are finished is known only once the baseline has set the scale. */
async function estimateWork(trait: TraitContext, inputs: SteeringInputs): Promise<StageWork> {
  const { config } = trait.run;
  const ratios = config.coefs === "adaptive" ? adaptive.steps : config.coefs.length;
  // In the adaptive search each method visits ratios of its own, and random vectors go to all of them.
  const places = config.coefs === "adaptive" ? ratios * config.steering_methods.length : ratios;
  const settings =
    inputs.layers.length * (config.steering_methods.length * ratios + config.random_vectors * places);
  const rows = inputs.prompts.length * (1 + settings);
  const typical = answerItems(trait.id.trait, inputs, {
    id: "typical",
    question: inputs.questions[0] ?? "",
    text: `${trait.name} `.padEnd(config.steering_max_new_tokens * 4, "."),
  });
  const each = await countJudging(trait.run, typical);
  return {
    items: { total: rows, finished: 0, to_do: rows },
    judge_calls: { to_do: rows * (each.judge_calls.to_do + each.judge_calls.cached), cached: 0 },
    model_rows: rows,
    cost_usd: each.cost_usd === null ? null : each.cost_usd * rows,
  };
}

interface Sweep {
  scope: StageScope;
  inputs: SteeringInputs;
  engine: Engine;
  groupSize: number;
  norms: ReadonlyMap<number, number>;
  scored: Map<Setting, ScoredAnswer[]>;
}

async function runSteer(
  scope: StageScope,
  inputs: SteeringInputs,
  vectors: SteeringVector[],
): Promise<StageOutcome> {
  const { trait } = scope;
  const { run } = trait;
  const { config } = run;
  const engine = await run.engine(config.application_model);
  const encoded = await engine.encode(inputs.prompts.map(({ prompt }) => prompt));
  const longest = encoded.reduce((most, ids) => Math.max(most, ids.length), 0);
  const groupSize = await groupSizeFor(scope, engine, "generation", longest + config.steering_max_new_tokens);
  const unsteered = await steeredAnswers(scope, engine, inputs, [null], groupSize);
  const baseline: SteeredAnswer[] = unsteered.get(null) ?? [];
  const norms = await baseNorms(scope, engine, inputs, baseline);
  const scored = await scoreAnswers(scope, inputs, unsteered);
  const sweep: Sweep = { scope, inputs, engine, groupSize, norms, scored };

  if (config.coefs === "adaptive") await searchAdaptively(sweep, vectors);
  else
    await trySettings(sweep, [
      ...gridOf(vectors, config.coefs, norms),
      ...(await randomGrid(sweep, config.coefs)),
    ]);
  return writeResults(sweep);
}

function gridOf(
  vectors: readonly SteeringVector[],
  ratios: readonly number[],
  norms: ReadonlyMap<number, number>,
): SteeringSetting[] {
  return vectors.flatMap((vector) =>
    ratios.map((ratio) => settingOf(vector, ratio, norms.get(vector.layer) ?? 0)),
  );
}

async function randomGrid(
  { scope, inputs, norms }: Sweep,
  ratios: readonly number[],
): Promise<SteeringSetting[]> {
  const { random_vectors, seed } = scope.trait.run.config;
  const vectors = await Promise.all(
    inputs.layers.map((layer) => randomVectors(random_vectors, layer, inputs.model.hidden, seed)),
  );
  return gridOf(vectors.flat(), ratios, norms);
}

/** Generates and judges settings that were not tried yet, all in one go. */
async function trySettings(
  { scope, engine, inputs, groupSize, scored }: Sweep,
  settings: readonly SteeringSetting[],
) {
  const known = new Set([...scored.keys()].map(settingId));
  const fresh = [...new Map(settings.map((setting) => [setting.id, setting])).values()].filter(
    ({ id }) => !known.has(id),
  );
  const answers = await steeredAnswers(scope, engine, inputs, fresh, groupSize);
  for (const [setting, judged] of await scoreAnswers(scope, inputs, answers)) scored.set(setting, judged);
}

/** Every method and layer searches for its own strength, all of them one step at a time; then random vectors at what was visited. */
async function searchAdaptively(sweep: Sweep, vectors: readonly SteeringVector[]): Promise<void> {
  const { scope, norms, scored, inputs } = sweep;
  const { random_vectors, seed } = scope.trait.run.config;
  const searches = vectors.map((vector) => ({
    vector,
    state: { ratio: adaptive.start, velocity: 1 } as SearchState,
  }));
  for (let step = 0; step < adaptive.steps; step++) {
    const settings = searches.map(({ vector, state }) =>
      settingOf(vector, state.ratio, norms.get(vector.layer) ?? 0),
    );
    await trySettings(sweep, settings);
    const coherenceOf = new Map(
      [...scored].map(([setting, answers]) => [
        settingId(setting),
        settingScores(answers, seed, "search").coherence_mean,
      ]),
    );
    searches.forEach((search, at) => {
      search.state = nextRatio(search.state, coherenceOf.get(settings[at]?.id ?? "") ?? null);
    });
  }
  const visited = [...scored.keys()].flatMap((setting) => setting ?? []);
  const random = await Promise.all(
    inputs.layers.map(async (layer) => {
      const ratios = new Set(
        visited.filter(({ vector }) => vector.layer === layer).map(({ ratio }) => ratio),
      );
      return gridOf(
        await randomVectors(random_vectors, layer, inputs.model.hidden, seed),
        [...ratios],
        norms,
      );
    }),
  );
  await trySettings(sweep, random.flat());
}

async function writeResults({ scope, inputs, norms, scored }: Sweep): Promise<StageOutcome> {
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
  const file = steeringFile({
    trait: trait.name,
    applicationModel: config.application_model,
    position: config.position,
    component: config.component,
    questions: inputs.questions,
    seed: config.seed,
    baseNorms: norms,
    scored,
    settings: {
      extraction_model: config.extraction_model,
      judge: { ...(await judgeIdentity(run)) },
      search: config.coefs === "adaptive" ? "adaptive" : "grid",
      direction: "positive",
      samples: config.samples,
      temperature: config.temperature,
      max_new_tokens: config.steering_max_new_tokens,
      steered_tokens: config.steered_tokens,
      random_vectors: config.random_vectors,
      seed: config.seed,
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
