import { mean } from "#lib/core/statistics.ts";
import { qualityFloors } from "#lib/core/thresholds.ts";
import type { RandomBand, SteeringFile, SteeringRun } from "./results.ts";
import type { Setting } from "./steer-answers.ts";
import { bestRun } from "./steer-best.ts";
import { baselineId, settingId } from "./steer-judge.ts";
import { deltaOf, type ScoredAnswer, settingScores } from "./steer-scores.ts";
import type { SteeringSetting } from "./steer-settings.ts";

export interface SteeringOutcomeInput {
  trait: string;
  applicationModel: string;
  position: string;
  component: string;
  questions: string[];
  seed: number;
  baseNorms: ReadonlyMap<number, number>;
  scored: ReadonlyMap<Setting, ScoredAnswer[]>;
  /** Settings that only an adaptive search came to, by id. */
  foundBySearch: ReadonlySet<string>;
  /** Whatever else the file should say of how it was made. */
  settings: Record<string, unknown>;
}

/** results.json of the steering stage, from the scored answers alone. */
export function steeringFile(input: SteeringOutcomeInput): SteeringFile {
  const { scored, seed, questions } = input;
  const baseline = scored.get(null) ?? [];
  const tried = [...scored.keys()].flatMap((setting) => (setting ? [setting] : [])).sort(bySetting);
  const delta = (setting: SteeringSetting) => deltaOf(scored.get(setting) ?? [], baseline, seed, setting.id);
  const band = randomBands(
    tried.filter(({ vector }) => vector.random),
    scored,
    delta,
  );
  const runs = tried
    .filter(({ vector }) => !vector.random)
    .map((setting) => runOf(setting, input, band, delta(setting)));
  return {
    trait: input.trait,
    application_model: input.applicationModel,
    position: input.position,
    component: input.component,
    questions,
    ...input.settings,
    coherence_threshold: qualityFloors.steeringCoherence,
    base_norms: Object.fromEntries([...input.baseNorms].map(([layer, value]) => [String(layer), value])),
    baseline: { ...settingScores(baseline, seed, baselineId), samples: sampleFile(null) },
    random_band: band,
    runs,
    best: bestRun(runs, questions.length),
  };
}

/** `responses/….json`, relative to the steering folder. */
export function sampleFile(setting: Setting): string {
  return `responses/${settingId(setting)}.json`;
}

function bySetting(a: SteeringSetting, b: SteeringSetting): number {
  const order = a.vector.source < b.vector.source ? -1 : a.vector.source > b.vector.source ? 1 : 0;
  return order || a.vector.layer - b.vector.layer || a.ratio - b.ratio;
}

type Delta = ReturnType<typeof deltaOf>;

function runOf(
  setting: SteeringSetting,
  input: SteeringOutcomeInput,
  bands: RandomBand[],
  delta: Delta,
): SteeringRun {
  const { vector, coef, ratio } = setting;
  const band = bandAt(bands, vector.layer, ratio);
  return {
    config: {
      vectors: [
        {
          layer: vector.layer,
          component: input.component,
          position: input.position,
          method: vector.source,
          weight: coef,
          sha256: vector.hash,
        },
      ],
    },
    coef,
    coef_ratio: ratio,
    ...(input.foundBySearch.has(setting.id) ? { found_by_search: true } : {}),
    result: {
      ...settingScores(input.scored.get(setting) ?? [], input.seed, setting.id),
      delta: delta?.delta ?? null,
      delta_ci: delta?.delta_ci ?? null,
      n_questions: delta?.questions ?? 0,
      outside_random_band: delta && band ? isOutside(delta.delta, band) : null,
    },
    samples: sampleFile(setting),
  };
}

function randomBands(
  settings: readonly SteeringSetting[],
  scored: ReadonlyMap<Setting, ScoredAnswer[]>,
  delta: (setting: SteeringSetting) => Delta,
): RandomBand[] {
  const places = new Map<string, SteeringSetting[]>();
  for (const setting of settings) {
    const place = `${setting.vector.layer} ${setting.ratio}`;
    places.set(place, [...(places.get(place) ?? []), setting]);
  }
  return [...places.values()]
    .flatMap((group): RandomBand[] => {
      const [first] = group;
      const deltas = group.flatMap((setting) => delta(setting)?.delta ?? []);
      if (!first || deltas.length === 0) return [];
      const coherence = group.flatMap((setting) =>
        (scored.get(setting) ?? []).flatMap((answer) => answer.coherence ?? []),
      );
      return [
        {
          layer: first.vector.layer,
          coef_ratio: first.ratio,
          coef: first.coef,
          low: Math.min(...deltas),
          high: Math.max(...deltas),
          n: deltas.length,
          deltas,
          coherence_mean: mean(coherence),
          samples: group.map(sampleFile),
        },
      ];
    })
    .sort((a, b) => a.layer - b.layer || a.coef_ratio - b.coef_ratio);
}

function bandAt(bands: readonly RandomBand[], layer: number, ratio: number): RandomBand | undefined {
  return bands.find((band) => band.layer === layer && band.coef_ratio === ratio);
}

function isOutside(delta: number, { low, high }: RandomBand): boolean {
  return delta > high || delta < low;
}
