import type { TraitContext } from "./context.ts";
import { countJudging } from "./judging.ts";
import type { StageWork } from "./stage.ts";
import type { EarlierResults, SharedInputs } from "./steer-earlier.ts";
import type { SteeringInputs } from "./steer-inputs.ts";
import { answerItems } from "./steer-judge.ts";
import { adaptive, roundRatio, type SteeringVector } from "./steer-settings.ts";

/** All that a steering stage knows before the model is loaded. */
export interface SteerRequest {
  inputs: SteeringInputs;
  vectors: SteeringVector[];
  earlier: EarlierResults;
  shared: SharedInputs;
}

/** What the results will hold: settings that are there and settings asked for. A search counts as itself. */
export function settingsAfter(trait: TraitContext, { vectors, earlier }: SteerRequest) {
  const { coefs } = trait.run.config;
  const all = [...earlier.settings.map(({ vector }) => vector), ...vectors];
  const hashes = new Map(all.map(({ source, layer, hash }) => [`${source} ${layer}`, hash]));
  const asked = coefs === "adaptive" ? [] : coefs;
  const grid = [
    ...earlier.settings.filter(({ foundBySearch }) => !foundBySearch),
    ...vectors.flatMap((vector) => asked.map((ratio) => ({ vector, ratio: roundRatio(ratio) }))),
  ].map(({ vector, ratio }) => `${vector.source} ${vector.layer} ${ratio}`);
  const searches = [
    ...earlier.searched.map(({ method, layer }) => `${method} ${layer}`),
    ...(coefs === "adaptive" ? vectors.map(({ source, layer }) => `${source} ${layer}`) : []),
  ];
  return {
    settings: [...new Set(grid)].sort(),
    searches: [...new Set(searches)].sort(),
    vectors: Object.fromEntries(hashes),
  };
}

/** What a run would do to results that are there, in words. */
export function changeOf(trait: TraitContext, request: SteerRequest): string | undefined {
  const { refused } = request.earlier;
  if (refused !== undefined) return `starts afresh: the results that are there are replaced (${refused})`;
  const { settings, searched } = request.earlier;
  if (settings.length === 0) return undefined;
  const after = settingsAfter(trait, request);
  const grid = settings.filter(({ foundBySearch }) => !foundBySearch).length;
  const more = [
    [after.settings.length - grid, "setting"],
    [after.searches.length - searched.length, "search"],
  ] as const;
  const added = more.flatMap(([n, noun]) =>
    n > 0 ? `${n} ${noun}${n === 1 ? "" : noun === "search" ? "es" : "s"}` : [],
  );
  return added.length > 0
    ? `adds ${added.join(" and ")} to the ${settings.length} that are there`
    : undefined;
}

/** Answers that are still to give, and an upper bound: what else is finished is known only once the baseline has set the scale. */
export async function estimateWork(
  trait: TraitContext,
  inputs: SteeringInputs,
  earlier: EarlierResults,
): Promise<StageWork> {
  const { config } = trait.run;
  const { coefs, random_vectors, steering_methods } = config;
  const before = new Set(
    earlier.settings.map(({ vector, ratio }) => `${vector.source} ${vector.layer} ${ratio}`),
  );
  const placesBefore = new Set(earlier.settings.map(({ vector, ratio }) => `${vector.layer} ${ratio}`));
  const searched = new Set(earlier.searched.map(({ method, layer }) => `${method} ${layer}`));
  let settings = 0;
  let places = 0;
  for (const layer of inputs.layers) {
    if (coefs === "adaptive") {
      const open = steering_methods.filter((method) => !searched.has(`${method} ${layer}`)).length;
      // Each search visits ratios of its own, and random vectors go to all of them.
      settings += open * adaptive.steps;
      places += open * adaptive.steps;
      continue;
    }
    const ratios = [...new Set(coefs.map(roundRatio))];
    places += ratios.filter((ratio) => !placesBefore.has(`${layer} ${ratio}`)).length;
    for (const method of steering_methods)
      settings += ratios.filter((ratio) => !before.has(`${method} ${layer} ${ratio}`)).length;
  }
  const first = earlier.settings.length === 0 ? 1 : 0;
  const rows = inputs.prompts.length * (first + settings + places * random_vectors);
  const kept = inputs.prompts.length * (1 - first + before.size + placesBefore.size * random_vectors);
  const typical = answerItems(trait.id.trait, inputs, {
    id: "typical",
    question: inputs.questions[0] ?? "",
    text: `${trait.name} `.padEnd(config.steering_max_new_tokens * 4, "."),
  });
  const each = await countJudging(trait.run, typical);
  return {
    items: { total: kept + rows, finished: kept, to_do: rows },
    judge_calls: { to_do: rows * (each.judge_calls.to_do + each.judge_calls.cached), cached: 0 },
    model_rows: rows,
    cost_usd: each.cost_usd === null ? null : each.cost_usd * rows,
  };
}
