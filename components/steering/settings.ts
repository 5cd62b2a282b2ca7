import { qualityFloors } from "#lib/core/thresholds.ts";
import type { RandomBand, SteeringFile, SteeringRun } from "#lib/pipeline/results.ts";

/** One steered setting, flat: what the charts are drawn from. */
export interface Setting {
  method: string;
  layer: number;
  ratio: number;
  coef: number;
  delta: number | null;
  deltaCi: [number, number] | null;
  coherence: number | null;
  traitMean: number | null;
  n: number;
  band: RandomBand | null;
  samples: string;
}

/** Every setting of a results file with the random band it has to leave. */
export function settingsOf(file: SteeringFile): Setting[] {
  return file.runs.flatMap((run) => {
    const vector = run.config.vectors[0];
    return vector ? [settingOf(run, vector, file)] : [];
  });
}

function settingOf(run: SteeringRun, vector: { layer: number; method: string }, file: SteeringFile): Setting {
  const { result } = run;
  return {
    method: vector.method,
    layer: vector.layer,
    ratio: run.coef_ratio,
    coef: run.coef,
    delta: result.delta,
    deltaCi: result.delta_ci,
    coherence: result.coherence_mean,
    traitMean: result.trait_mean,
    n: result.n,
    band:
      file.random_band.find((band) => band.layer === vector.layer && near(band.coef_ratio, run.coef_ratio)) ??
      null,
    samples: run.samples,
  };
}

/** Ratios come back from files as decimals. */
export function near(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-6;
}

export interface Verdict {
  ok: boolean;
  text: string;
}

/** What may be claimed of a setting: each claim with the figure it rests on. */
export function verdictsOf(setting: Setting): Verdict[] {
  const { delta, deltaCi, band, coherence } = setting;
  if (delta === null) return [];
  const verdicts: Verdict[] = [];
  if (deltaCi) {
    const clear = deltaCi[0] > 0 || deltaCi[1] < 0;
    verdicts.push({ ok: clear, text: clear ? "95 % CI excludes no change" : "95 % CI includes no change" });
  }
  if (band) {
    const outside = delta > band.high || delta < band.low;
    verdicts.push({ ok: outside, text: outside ? "outside the random band" : "inside the random band" });
  }
  if (coherence !== null) {
    const coherent = coherence >= qualityFloors.steeringCoherence;
    verdicts.push({
      ok: coherent,
      text: coherent ? "coherent" : `coherence below ${qualityFloors.steeringCoherence}`,
    });
  }
  return verdicts;
}

export function unique<T>(values: T[]): T[] {
  return [...new Set(values)];
}
