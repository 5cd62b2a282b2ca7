import type { ChartTable } from "#components/charts/table.ts";
import { isSignificant, type Setting } from "#lib/pipeline/steering-view.ts";

/** Whose settings a chart shows. */
export interface SettingNames {
  experiment: string;
  trait: string;
  method: string;
}

/** The settings' figures, one a row: the table behind every chart of them. */
export function settingTable(settings: readonly Setting[]): ChartTable {
  return {
    columns: [
      "method",
      "layer",
      "ratio",
      "coefficient",
      "delta",
      "CI low",
      "CI high",
      "band low",
      "band high",
      "significant",
      "coherence",
      "n",
    ],
    rows: settings.map((setting) => [
      setting.method,
      setting.layer,
      setting.ratio,
      setting.coef,
      setting.delta,
      setting.deltaCi?.[0] ?? null,
      setting.deltaCi?.[1] ?? null,
      setting.band?.low ?? null,
      setting.band?.high ?? null,
      significanceWord(setting),
      setting.coherence,
      setting.n,
    ]),
  };
}

function significanceWord(setting: Setting): string | null {
  const significant = isSignificant(setting);
  return significant === null ? null : significant ? "yes" : "no";
}
