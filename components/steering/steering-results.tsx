"use client";
import { parseAsFloat, parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { SelectField } from "#components/ui/field.tsx";
import type { SteeringFile } from "#lib/pipeline/results.ts";
import { near, settingsOf, unique } from "#lib/pipeline/steering-view.ts";
import { BestSetting } from "./best-setting.tsx";
import { DoseResponse, units } from "./dose-response.tsx";
import { SampleBrowser } from "./sample-browser.tsx";
import { SettingHeatmap } from "./setting-heatmap.tsx";
import { SteerFurther } from "./steer-further.tsx";
import { WhyLayer } from "./why-layer.tsx";

interface SteeringResultsProps {
  experiment: string;
  trait: string;
  file: SteeringFile;
}

/** One trait's steering, from the chosen setting to the texts. */
export function SteeringResults({ experiment, trait, file }: SteeringResultsProps) {
  const settings = settingsOf(file);
  const methods = unique(settings.map(({ method }) => method));
  const [view, setView] = useQueryStates({
    method: parseAsString,
    layer: parseAsInteger,
    ratio: parseAsFloat,
    unit: parseAsStringLiteral(units).withDefault("ratio"),
    layers: parseAsString.withDefault(""),
    ratios: parseAsString.withDefault(""),
  });
  const method = view.method ?? file.best?.method ?? methods[0] ?? "";
  const shown = settings.filter((setting) => setting.method === method);
  const layer = view.layer ?? file.best?.layer ?? shown[0]?.layer ?? 0;
  const ratio = view.ratio ?? file.best?.coef_ratio ?? shown[0]?.ratio ?? 0;
  const selected = shown.find((setting) => setting.layer === layer && near(setting.ratio, ratio)) ?? shown[0];
  const names = { experiment, trait, method };
  const select = (next: { layer: number; ratio: number }) => {
    const there = shown.some((setting) => setting.layer === next.layer && near(setting.ratio, next.ratio));
    // An empty cell of the chart is a wish.
    if (there) void setView(next);
    else void setView({ layers: String(next.layer), ratios: String(next.ratio) });
  };
  const charts = { names, file, settings: shown, selected, onSelect: select };

  return (
    <div className="space-y-4">
      <BestSetting experiment={experiment} file={file} />
      <WhyLayer file={file} />
      {methods.length > 1 && (
        <SelectField
          label="Method"
          className="sm:max-w-xs"
          value={method}
          onChange={(event) => setView({ method: event.target.value, layer: null, ratio: null })}
        >
          {methods.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
      )}
      <div className="grid gap-4 xl:grid-cols-2">
        <SettingHeatmap kind="delta" {...charts} />
        <SettingHeatmap kind="coherence" {...charts} />
      </div>
      <DoseResponse
        names={names}
        settings={settings.filter((setting) => setting.layer === selected?.layer)}
        unit={view.unit}
        onUnit={(unit) => setView({ unit })}
      />
      <SteerFurther
        {...names}
        settings={shown}
        wish={{ layers: view.layers, ratios: view.ratios }}
        onWish={(wish) => setView(wish)}
      />
      {selected && <SampleBrowser experiment={experiment} trait={trait} file={file} setting={selected} />}
    </div>
  );
}
