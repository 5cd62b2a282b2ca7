"use client";
import { useEffect, useState } from "react";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { polarities } from "#lib/core/names.ts";
import type { Thresholds } from "#lib/core/thresholds.ts";
import { failureKinds } from "#lib/pipeline/failure-kinds.ts";
import { type QueueFilter, type QueueItem, scoreBins, shows, wholeRange } from "./queue.ts";
import { ScoreBrush } from "./score-brush.tsx";

const showNames = { failed: "not passing", all: "all", changed: "changed, to re-vet" };

interface QueueFiltersProps {
  filter: QueueFilter;
  /** What the other filters leave: the histogram counts these. */
  items: readonly QueueItem[];
  thresholds: Thresholds;
  onFilter(change: Partial<QueueFilter>): void;
}

/** Which items the list shows. */
export function QueueFilters({ filter, items, thresholds, onFilter }: QueueFiltersProps) {
  return (
    <div className="space-y-2">
      <div className="grid grid-cols-2 gap-2">
        <SelectField
          label="Show"
          value={filter.show}
          onChange={(event) => onFilter({ show: oneOf(shows, event.target.value) ?? "failed" })}
        >
          {shows.map((show) => (
            <option key={show} value={show}>
              {showNames[show]}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Side"
          value={filter.polarity ?? ""}
          onChange={(event) => onFilter({ polarity: oneOf(polarities, event.target.value) })}
        >
          <option value="">both</option>
          <option value="positive">+ positive</option>
          <option value="negative">− negative</option>
        </SelectField>
      </div>
      <SelectField
        label="Kind of failure"
        value={filter.failure ?? ""}
        onChange={(event) =>
          onFilter({
            failure: oneOf(Object.keys(failureKinds) as (keyof typeof failureKinds)[], event.target.value),
          })
        }
      >
        <option value="">any</option>
        {Object.keys(failureKinds).map((kind) => (
          <option key={kind} value={kind}>
            {kind}
          </option>
        ))}
      </SelectField>
      <ScoreBrush
        bins={scoreBins(items)}
        thresholds={thresholds}
        min={filter.min}
        max={filter.max}
        onRange={onFilter}
      />
      <div className="grid grid-cols-2 gap-2">
        <ScoreField
          label="Score from"
          value={filter.min}
          fallback={wholeRange.min}
          onValue={(min) => onFilter({ min, max: Math.max(min, filter.max) })}
        />
        <ScoreField
          label="to"
          value={filter.max}
          fallback={wholeRange.max}
          onValue={(max) => onFilter({ max, min: Math.min(max, filter.min) })}
        />
      </div>
    </div>
  );
}

function oneOf<Value extends string>(values: readonly Value[], value: string): Value | null {
  return values.find((each) => each === value) ?? null;
}

interface ScoreFieldProps {
  label: string;
  value: number;
  fallback: number;
  onValue(value: number): void;
}

/** A score that counts when the field is left or Enter pressed: half a number is none. */
function ScoreField({ label, value, fallback, onValue }: ScoreFieldProps) {
  const [typed, setTyped] = useState(String(value));
  useEffect(() => setTyped(String(value)), [value]);
  const done = () => {
    const score = typed.trim() === "" ? fallback : Number(typed);
    const next = Number.isFinite(score) ? Math.round(Math.min(100, Math.max(0, score))) : value;
    setTyped(String(next));
    if (next !== value) onValue(next);
  };
  return (
    <TextField
      label={label}
      type="number"
      min={0}
      max={100}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === "Enter") done();
      }}
    />
  );
}
