import { useId } from "react";
import { whole } from "#components/format.ts";
import { CheckField } from "#components/ui/field.tsx";
import type { TraitReading, TraitTexts } from "#lib/traits/document.ts";
import { definitionFile, steeringFile } from "#lib/traits/folder.ts";
import type { DuplicateKind, PlannedPair } from "#lib/traits/import/plan.ts";
import type { ImportOptions } from "./outcome.ts";

interface ImportOptionFieldsProps {
  options: ImportOptions;
  onOptions(options: ImportOptions): void;
  plan: readonly PlannedPair[];
  /** Pairs that the trait has. */
  before: number;
  /** What the source holds besides pairs, where that is a choice. */
  brings: TraitTexts;
  existing: TraitReading;
}

/** What becomes of the trait's own pairs, of duplicates, and of what comes with the pairs; asked only where it matters. */
export function ImportOptionFields(props: ImportOptionFieldsProps) {
  const { options, onOptions, plan, before, brings, existing } = props;
  const group = useId();
  const edit = (change: Partial<ImportOptions>) => onOptions({ ...options, ...change });
  const duplicates = (kind: DuplicateKind, what: string) => {
    const count = plan.filter(({ mark }) => mark === kind).length;
    if (count === 0) return null;
    return (
      <CheckField
        label={`Leave out ${whole(count)} that ${what}`}
        checked={options.leaveOut[kind]}
        onChange={({ target }) => edit({ leaveOut: { ...options.leaveOut, [kind]: target.checked } })}
      />
    );
  };
  const field = (key: "definition" | "steering", file: keyof TraitTexts, what: string) =>
    brings[file] !== undefined && (
      <CheckField
        label={`Take its ${what}, too`}
        hint={existing[key] === null ? undefined : "In place of the trait's own, which the history keeps."}
        checked={options[key]}
        onChange={({ target }) => edit({ [key]: target.checked })}
      />
    );
  return (
    <div className="space-y-2">
      {before > 0 && (
        <fieldset className="flex flex-wrap gap-x-5 gap-y-1">
          <legend className="sr-only">What becomes of the trait's own pairs</legend>
          {(["append", "replace"] as const).map((mode) => (
            <label key={mode} className="flex items-center gap-2 text-sm">
              <input
                type="radio"
                name={group}
                className="size-4 accent-accent"
                checked={options.mode === mode}
                onChange={() => edit({ mode })}
              />
              {mode === "append" ? "Add below the trait's own" : "Replace the trait's own"}
            </label>
          ))}
        </fieldset>
      )}
      {duplicates("exact", "are there already")}
      {duplicates("similar", "differ from others only in capitals and spaces")}
      {field("definition", definitionFile, "definition")}
      {field("steering", steeringFile, "steering questions")}
    </div>
  );
}
