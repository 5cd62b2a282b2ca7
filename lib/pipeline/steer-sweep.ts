import type { Engine } from "#lib/engine/contract.ts";
import { groupSizeFor } from "./items.ts";
import type { Searched } from "./results.ts";
import type { StageScope } from "./stage.ts";
import { type Setting, type SteeredAnswer, steeredAnswers } from "./steer-answers.ts";
import type { EarlierResults } from "./steer-earlier.ts";
import type { SteeringInputs } from "./steer-inputs.ts";
import { scoreAnswers, settingId } from "./steer-judge.ts";
import { baseNorms } from "./steer-norms.ts";
import { type ScoredAnswer, settingScores } from "./steer-scores.ts";
import {
  adaptive,
  nextRatio,
  randomVectors,
  type SearchState,
  type SteeringSetting,
  type SteeringVector,
  settingOf,
} from "./steer-settings.ts";

/** What a sweep is asked for. */
export interface SweepRequest {
  inputs: SteeringInputs;
  vectors: readonly SteeringVector[];
  /** What is there already and stays. */
  earlier: EarlierResults;
}

export interface SweepOutcome {
  norms: ReadonlyMap<number, number>;
  scored: ReadonlyMap<Setting, ScoredAnswer[]>;
  searched: Searched[];
  foundBySearch: ReadonlySet<string>;
}

interface Sweep {
  scope: StageScope;
  inputs: SteeringInputs;
  engine: Engine;
  groupSize: number;
  norms: ReadonlyMap<number, number>;
  scored: Map<Setting, ScoredAnswer[]>;
}

/** Answers and judges the baseline, every setting that was asked for or is there already, and random vectors at their places. */
export async function runSweep(
  scope: StageScope,
  { inputs, vectors, earlier }: SweepRequest,
): Promise<SweepOutcome> {
  const { run } = scope.trait;
  const { config } = run;
  const engine = await run.engine(config.application_model);
  const encoded = await engine.encode(inputs.prompts.map(({ prompt }) => prompt));
  const longest = encoded.reduce((most, ids) => Math.max(most, ids.length), 0);
  const groupSize = await groupSizeFor(scope, engine, "generation", longest + config.steering_max_new_tokens);
  const unsteered = await steeredAnswers(scope, engine, inputs, [null], groupSize);
  const baseline: SteeredAnswer[] = unsteered.get(null) ?? [];
  const norms = await normsOf(scope, engine, inputs, baseline, earlier);
  const scored = await scoreAnswers(scope, inputs, unsteered);
  const sweep: Sweep = { scope, inputs, engine, groupSize, norms, scored };

  // Apart from what is new: their items are finished, and full batches are left to the others.
  const kept = earlier.settings.map(({ vector, ratio }) => settingAt(sweep, vector, ratio));
  await trySettings(sweep, [...kept, ...(await randomAt(sweep, kept))]);
  const asked = new Set(
    earlier.settings.flatMap(({ foundBySearch }, at) => (foundBySearch ? [] : (kept[at]?.id ?? []))),
  );
  if (config.coefs !== "adaptive") {
    const { coefs } = config;
    const grid = vectors.flatMap((vector) => coefs.map((ratio) => settingAt(sweep, vector, ratio)));
    for (const { id } of grid) asked.add(id);
    await trySettings(sweep, [...grid, ...(await randomAt(sweep, grid))]);
    return outcomeOf(sweep, earlier.searched, asked);
  }
  const known = new Set(earlier.searched.map(({ method, layer }) => `${method} ${layer}`));
  const found = await searchAdaptively(
    sweep,
    vectors.filter(({ source, layer }) => !known.has(`${source} ${layer}`)),
  );
  return outcomeOf(sweep, [...earlier.searched, ...found], asked);
}

function outcomeOf({ norms, scored }: Sweep, searched: Searched[], asked: ReadonlySet<string>): SweepOutcome {
  const tried = [...scored.keys()].flatMap((setting) =>
    setting && !setting.vector.random ? setting.id : [],
  );
  return { norms, scored, searched, foundBySearch: new Set(tried.filter((id) => !asked.has(id))) };
}

/** The norms of layers that were steered before stay as they are: so do their coefficients. */
async function normsOf(
  scope: StageScope,
  engine: Engine,
  inputs: SteeringInputs,
  baseline: readonly SteeredAnswer[],
  { baseNorms: known }: EarlierResults,
): Promise<Map<number, number>> {
  const layers = inputs.layers.filter((layer) => !known.has(layer));
  if (layers.length === 0) return new Map(known);
  const fresh = await baseNorms(scope, engine, { ...inputs, layers }, baseline);
  return new Map([...known, ...fresh].sort(([a], [b]) => a - b));
}

function settingAt({ norms }: Sweep, vector: SteeringVector, ratio: number): SteeringSetting {
  return settingOf(vector, ratio, norms.get(vector.layer) ?? 0);
}

/** Random vectors at every layer and ratio of these settings. */
async function randomAt(sweep: Sweep, settings: readonly SteeringSetting[]): Promise<SteeringSetting[]> {
  const { random_vectors, seed } = sweep.scope.trait.run.config;
  const ratios = new Map<number, Set<number>>();
  for (const { vector, ratio } of settings)
    ratios.set(vector.layer, (ratios.get(vector.layer) ?? new Set()).add(ratio));
  const random = await Promise.all(
    [...ratios].map(async ([layer, at]) => {
      const vectors = await randomVectors(random_vectors, layer, sweep.inputs.model.hidden, seed);
      return vectors.flatMap((vector) => [...at].map((ratio) => settingAt(sweep, vector, ratio)));
    }),
  );
  return random.flat();
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
  if (fresh.length === 0) return;
  const answers = await steeredAnswers(scope, engine, inputs, fresh, groupSize);
  for (const [setting, judged] of await scoreAnswers(scope, inputs, answers)) scored.set(setting, judged);
}

/** Every vector searches for its own strength, all of them one step at a time; then random vectors at what was visited. */
async function searchAdaptively(sweep: Sweep, vectors: readonly SteeringVector[]): Promise<Searched[]> {
  const { scope, scored } = sweep;
  const { seed } = scope.trait.run.config;
  const searches = vectors.map((vector) => ({
    vector,
    state: { ratio: adaptive.start, velocity: 1 } as SearchState,
    tried: [] as SteeringSetting[],
  }));
  for (let step = 0; step < adaptive.steps; step++) {
    for (const { tried, vector, state } of searches) tried.push(settingAt(sweep, vector, state.ratio));
    await trySettings(
      sweep,
      searches.flatMap(({ tried }) => tried.slice(-1)),
    );
    const coherenceOf = new Map(
      [...scored].map(([setting, answers]) => [
        settingId(setting),
        settingScores(answers, seed, "search").coherence_mean,
      ]),
    );
    for (const search of searches)
      search.state = nextRatio(search.state, coherenceOf.get(search.tried.at(-1)?.id ?? "") ?? null);
  }
  await trySettings(
    sweep,
    await randomAt(
      sweep,
      searches.flatMap(({ tried }) => tried),
    ),
  );
  return searches.map(({ vector, tried }) => ({
    method: vector.source,
    layer: vector.layer,
    ratios: tried.map(({ ratio }) => ratio),
  }));
}
