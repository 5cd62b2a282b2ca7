import { SelectField } from "#components/ui/field.tsx";
import type { VettingKind } from "#lib/pipeline/human-labels.ts";
import type { ReviewState } from "./use-review-state.ts";

interface ReviewControlsProps {
  experiment: string;
  experiments: readonly string[];
  kind: VettingKind;
  view: ReviewState["view"];
  onExperiment(name: string): void;
  onKind(kind: VettingKind): void;
  onView(view: ReviewState["view"]): void;
}

const views = { queue: "Queue", calibration: "Calibration" } as const;

/** Whose vetting is shown, and to what end. */
export function ReviewControls(props: ReviewControlsProps) {
  const { experiment, experiments, kind, view, onExperiment, onKind, onView } = props;
  return (
    <div className="flex flex-wrap items-end gap-3">
      <SelectField
        label="Experiment"
        value={experiment}
        onChange={(event) => onExperiment(event.target.value)}
      >
        {experiments.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </SelectField>
      <SelectField
        label="What was vetted"
        value={kind}
        onChange={(event) => onKind(event.target.value === "scenario" ? "scenario" : "response")}
      >
        <option value="scenario">scenarios</option>
        <option value="response">responses</option>
      </SelectField>
      <div className="flex gap-1 text-sm">
        {(["queue", "calibration"] as const).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === view}
            onClick={() => onView(each)}
            className="min-h-8 rounded-md border px-3 py-1 hover:bg-raised aria-pressed:border-accent aria-pressed:text-accent"
          >
            {views[each]}
          </button>
        ))}
      </div>
    </div>
  );
}
