"use client";
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useRef } from "react";
import { decimal } from "#components/format.ts";
import { classNames } from "#components/ui/class-names.ts";
import type { QueueItem } from "./queue.ts";
import { VerdictBadge } from "./verdict-badge.tsx";

const ROW = 60;

interface QueueListProps {
  label: string;
  items: readonly QueueItem[];
  active: string | null;
  selected: ReadonlySet<string>;
  /** Scores and verdicts of the judge are not shown. */
  hidden: boolean;
  list: RefObject<HTMLDivElement | null>;
  onActive(id: string): void;
  /** The item joins or leaves the selection; with `to`, everything up to it joins. */
  onSelect(id: string, to: boolean): void;
}

/** The queue as a list box: one stop for Tab, the shown item is its active one, selected are those that are chosen. */
export function QueueList({
  label,
  items,
  active,
  selected,
  hidden,
  list,
  onActive,
  onSelect,
}: QueueListProps) {
  const at = items.findIndex(({ id }) => id === active);
  const place = useRef(at);
  place.current = at;
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => list.current,
    estimateSize: () => ROW,
    overscan: 8,
    // The active one is always there to be named.
    rangeExtractor: (range: Range) =>
      [...new Set([...defaultRangeExtractor(range), ...(place.current === -1 ? [] : [place.current])])].sort(
        (a, b) => a - b,
      ),
  });
  useEffect(() => {
    if (at !== -1) virtual.scrollToIndex(at);
  }, [at, virtual]);
  const press = (event: MouseEvent, id: string) => {
    if (event.shiftKey || event.ctrlKey || event.metaKey) onSelect(id, event.shiftKey);
    else onActive(id);
  };
  // The list scrolls by its active item: the browser's own paging would leave it behind.
  const keep = (event: KeyboardEvent) => {
    if (["PageUp", "PageDown"].includes(event.key)) event.preventDefault();
  };
  return (
    <div
      ref={list}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-multiselectable
      aria-activedescendant={at === -1 ? undefined : `queue-${active}`}
      onKeyDown={keep}
      className="relative h-64 overflow-y-auto rounded-md border bg-surface lg:h-[max(18rem,calc(100vh-42rem))]"
    >
      <div style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const item = items[index];
          if (!item) return null;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list box has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the list box names its active option
            <div
              key={item.id}
              id={`queue-${item.id}`}
              role="option"
              aria-selected={selected.has(item.id)}
              aria-setsize={items.length}
              aria-posinset={index + 1}
              onClick={(event) => press(event, item.id)}
              style={{ height: ROW, transform: `translateY(${start}px)` }}
              className={classNames(
                "absolute inset-x-0 top-0 cursor-pointer overflow-hidden border-b border-l-4 px-2 py-1.5",
                item.id === active ? "border-l-accent bg-raised" : "border-l-transparent",
                selected.has(item.id) && "bg-accent/10",
              )}
            >
              <Row item={item} selected={selected.has(item.id)} hidden={hidden} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Row({ item, selected, hidden }: { item: QueueItem; selected: boolean; hidden: boolean }) {
  const { line, result, verdict, failure } = item;
  return (
    <>
      <div className="flex items-center gap-1.5 whitespace-nowrap text-xs">
        {selected && <span className="font-semibold text-accent">✓ chosen</span>}
        <span className={line.polarity === "positive" ? "text-positive" : "text-negative"}>
          {line.polarity === "positive" ? "+" : "−"} line {line.line}
        </span>
        {hidden ? (
          result?.human_verdict && <VerdictBadge verdict={result.human_verdict} />
        ) : (
          <VerdictBadge verdict={verdict} />
        )}
        {!hidden && result && <span>{decimal(result.score, 0)}</span>}
        {result?.human_verdict && <span className="text-accent">yours</span>}
        {!hidden && failure && failure !== "ambiguous" && failure !== "judge error" && (
          <span className="truncate text-muted">{failure}</span>
        )}
      </div>
      <div className="truncate font-mono text-xs leading-6">{line.text}</div>
    </>
  );
}
