import { decimal, signed, whole } from "#components/format.ts";
import { Card } from "#components/ui/card.tsx";
import { qualityFloors } from "#lib/core/thresholds.ts";
import type { SteeringFile } from "#lib/pipeline/results.ts";
import { choiceOf, isSignificant, type Place, type Setting, unique } from "#lib/pipeline/steering-view.ts";

/** The rule that chose the best setting, and the figures it was chosen by. */
export function WhyLayer({ file }: { file: SteeringFile }) {
  const choice = choiceOf(file);
  const { chosen, runnerUp, places } = choice;
  if (!chosen) return null;
  const ordered = places.toSorted((a, b) => a.layer - b.layer || (a.method < b.method ? -1 : 1));
  const searched = places.some((place) => place.searched !== null);
  return (
    <Card title="Why this layer?" hint={choice.rule}>
      <p className="mb-2 text-sm">
        {whole(choice.coherent)} of {whole(choice.settings)} settings are coherent
        {choice.judged < choice.settings &&
          ` (of ${whole(choice.settings - choice.judged)} too few answers could be judged)`}
        . Chosen: {nameOf(chosen)}, {figureOf(chosen)}.{" "}
        {runnerUp ? (
          <>
            Runner-up: {nameOf(runnerUp)}, {figureOf(runnerUp)}
            {choice.coherent > 0 &&
              `, ${decimal((chosen.delta ?? 0) - (runnerUp.delta ?? 0), 1)} points behind`}
            .
          </>
        ) : (
          "There is no runner-up."
        )}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="overflow-x-auto" tabIndex={0} aria-label="Best setting by layer, scrollable">
        <table className="w-full min-w-[560px] text-sm">
          <caption className="sr-only">Best coherent setting of each layer and method</caption>
          <thead>
            <tr>
              {[
                "Layer",
                ...(unique(places.map(({ method }) => method)).length > 1 ? ["Method"] : []),
                "Coherent settings",
                "Best ratio",
                "Delta (points)",
                `Coherence (≥ ${qualityFloors.steeringCoherence})`,
                "Significant",
                ...(searched ? ["The search tried (ratios, in its order)"] : []),
              ].map((title) => (
                <th key={title} scope="col" className="border-b p-1 text-left align-bottom font-medium">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ordered.map((place) => (
              <PlaceRow
                key={`${place.method} ${place.layer}`}
                place={place}
                chosen={chosen}
                withMethod={unique(places.map(({ method }) => method)).length > 1}
                withSearch={searched}
              />
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  );
}

interface PlaceRowProps {
  place: Place;
  chosen: Setting;
  withMethod: boolean;
  withSearch: boolean;
}

function PlaceRow({ place, chosen, withMethod, withSearch }: PlaceRowProps) {
  const { best } = place;
  const isChosen = best !== null && best.samples === chosen.samples;
  const significant = best && isSignificant(best);
  return (
    <tr className="[&>td]:border-b [&>td]:p-1">
      <th scope="row" className="border-b p-1 text-left font-medium">
        {isChosen ? "★ " : ""}
        {place.layer}
        {isChosen && <span className="sr-only"> (chosen)</span>}
      </th>
      {withMethod && <td>{place.method}</td>}
      <td>
        {place.coherent} of {place.tried}
      </td>
      <td>{best ? decimal(best.ratio) : "none coherent"}</td>
      <td>{signed(best?.delta)}</td>
      <td>{decimal(best?.coherence, 0)}</td>
      <td>{significant === null ? "–" : significant ? "* yes" : "no"}</td>
      {withSearch && <td>{place.searched?.map((ratio) => decimal(ratio)).join(" → ") ?? "–"}</td>}
    </tr>
  );
}

function nameOf({ method, layer, ratio }: Setting): string {
  return `${method}, layer ${layer}, ratio ${decimal(ratio)}`;
}

function figureOf({ delta, coherence }: Setting): string {
  return `delta ${signed(delta)} at coherence ${decimal(coherence, 0)}`;
}
