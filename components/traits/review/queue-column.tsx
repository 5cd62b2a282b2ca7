"use client";
import { whole } from "#components/format.ts";
import type { Thresholds } from "#lib/core/thresholds.ts";
import { BulkBar } from "./bulk-bar.tsx";
import type { QueueFilter, QueueItem } from "./queue.ts";
import { QueueFilters } from "./queue-filters.tsx";
import { QueueList } from "./queue-list.tsx";
import type { Desk } from "./use-desk.ts";
import type { Suggestions } from "./use-suggestions.ts";

interface QueueColumnProps {
  desk: Desk;
  filter: QueueFilter;
  thresholds: Thresholds;
  suggestions: Suggestions;
  onAsk(items: readonly QueueItem[]): void;
}

/** The list with what chooses it above and what is done to many of it below. */
export function QueueColumn({ desk, filter, thresholds, suggestions, onAsk }: QueueColumnProps) {
  const { shown, targets, chosen, calibrating } = desk;
  const vetted = targets.filter(({ result }) => result !== null);
  const failing = vetted.filter(({ verdict }) => verdict !== "pass");
  const labelled = (items: readonly QueueItem[]) =>
    items.filter(({ result }) => result?.human_verdict).length;
  const waiting = targets.flatMap((item) => {
    const ready = suggestions.suggestions.get(item.key);
    return ready?.state === "ready" ? [{ item, prompt: ready.line }] : [];
  });
  return (
    <div className="min-w-0 space-y-3">
      {calibrating ? (
        <p className="text-sm">
          {whole(shown.length)} texts over the whole range of scores. Give each a score of your own (1 to 5)
          before you look at the judge's.
        </p>
      ) : (
        <QueueFilters
          filter={filter}
          items={desk.unranged}
          thresholds={thresholds}
          onFilter={desk.setFilter}
        />
      )}
      <p role="status" className="text-muted text-sm">
        {whole(shown.length)} shown
        {chosen.length > 0 && `, ${whole(chosen.length)} chosen (Esc: none)`}
        {calibrating && `, ${whole(labelled(shown))} labelled`}
      </p>
      <QueueList
        label={calibrating ? "Calibration set" : "Queue"}
        items={shown}
        active={desk.active?.id ?? null}
        selected={desk.selected}
        hidden={desk.hidden}
        list={desk.list}
        onActive={desk.go}
        onSelect={desk.select}
      />
      {!calibrating && (
        <BulkBar
          count={vetted.length}
          chosen={chosen.length > 0}
          labelled={labelled(targets)}
          failing={failing.length}
          suggested={waiting.length}
          progress={suggestions.progress}
          onVerdict={desk.labelMany}
          onSuggest={() => onAsk(failing)}
          onCancel={suggestions.cancel}
          onAcceptSuggestions={() => desk.acceptMany(waiting)}
        />
      )}
    </div>
  );
}
