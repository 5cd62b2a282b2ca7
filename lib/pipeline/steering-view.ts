import { qualityFloors } from "#lib/core/thresholds.ts";
import type { RandomBand, SteeringFile, SteeringRun } from "./results.ts";
import { leastJudged, rankRuns } from "./steer-best.ts";

/** One steered setting, flat: what charts, tables and reports are made from. */
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
  /** Its file, which also tells it apart. */
  samples: string;
}

/** Every setting of a results file with the random band it has to leave. */
export function settingsOf(file: SteeringFile): Setting[] {
  return file.runs.map((run) => settingOf(run, file));
}

function settingOf(run: SteeringRun, file: SteeringFile): Setting {
  const { result } = run;
  const { layer, method } = run.config.vectors[0] ?? { layer: 0, method: "" };
  return {
    method,
    layer,
    ratio: run.coef_ratio,
    coef: run.coef,
    delta: result.delta,
    deltaCi: result.delta_ci,
    coherence: result.coherence_mean,
    traitMean: result.trait_mean,
    n: result.n,
    band:
      file.random_band.find((band) => band.layer === layer && near(band.coef_ratio, run.coef_ratio)) ?? null,
    samples: run.samples,
  };
}

/** Ratios come back from files as decimals. */
export function near(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-6;
}

/** Points of 100: what is smaller is no change, however sure it is. */
const LEAST_CHANGE = 1;

/**
 * The change is told apart from none: at least a point, its interval excludes 0, and it leaves the random band on the side
 * of its sign. Null where interval or band is missing.
 */
export function isSignificant({ delta, deltaCi, band }: Setting): boolean | null {
  if (delta === null || !deltaCi || !band) return null;
  return Math.abs(delta) >= LEAST_CHANGE && excludesZero(deltaCi) && isBeyond(delta, band);
}

function excludesZero([low, high]: [number, number]): boolean {
  return low > 0 || high < 0;
}

/** A small rise below what random vectors do lies outside their band, too, but shows no effect. */
function isBeyond(delta: number, { low, high }: RandomBand): boolean {
  return delta > 0 ? delta > high : delta < low;
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
    const clear = excludesZero(deltaCi);
    verdicts.push({ ok: clear, text: clear ? "95 % CI excludes no change" : "95 % CI includes no change" });
  }
  if (band) {
    const beyond = isBeyond(delta, band);
    const inside = delta >= band.low && delta <= band.high;
    verdicts.push({
      ok: beyond,
      text: beyond
        ? "outside the random band"
        : inside
          ? "inside the random band"
          : "weaker than random vectors",
    });
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

/** One method at one layer: what was tried there. */
export interface Place {
  method: string;
  layer: number;
  tried: number;
  coherent: number;
  /** The largest delta among its coherent settings. */
  best: Setting | null;
  /** What the adaptive search tried, in its order; null where none ran. */
  searched: number[] | null;
}

/** How the best setting was chosen, with the figures of the choice. */
export interface Choice {
  rule: string;
  settings: number;
  judged: number;
  coherent: number;
  /** Null when nothing could be judged. */
  chosen: Setting | null;
  runnerUp: Setting | null;
  places: Place[];
}

export function choiceOf(file: SteeringFile): Choice {
  const { judged, coherent, ranked } = rankRuns(file.runs, file.questions.length);
  const floor = qualityFloors.steeringCoherence;
  const [chosen, runnerUp] = ranked.map((run) => settingOf(run, file));
  const inOrder = coherent.length > 0 ? ranked.map((run) => settingOf(run, file)) : [];
  const settings = settingsOf(file);
  const places = [...new Map(settings.map((each) => [placeKey(each), each])).values()].map(
    ({ method, layer }): Place => {
      const here = (setting: { method: string; layer: number }) =>
        setting.method === method && setting.layer === layer;
      const coherentHere = inOrder.filter(here);
      return {
        method,
        layer,
        tried: settings.filter(here).length,
        coherent: coherentHere.length,
        best: coherentHere[0] ?? null,
        searched: file.searched?.find(here)?.ratios ?? null,
      };
    },
  );
  return {
    rule:
      judged.length > 0 && coherent.length === 0
        ? `No setting kept a mean coherence of ${floor}, so none is called the best: the most coherent one is shown.`
        : `The largest delta among settings with a mean coherence of at least ${floor}, of which at least ${leastJudged * 100} % of the answers could be judged.`,
    settings: settings.length,
    judged: judged.length,
    coherent: coherent.length,
    chosen: chosen ?? null,
    runnerUp: runnerUp ?? null,
    places,
  };
}

function placeKey({ method, layer }: { method: string; layer: number }): string {
  return `${method} ${layer}`;
}

export function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
