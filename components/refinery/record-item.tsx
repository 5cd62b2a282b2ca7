"use client";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import type { RefineryRow } from "#lib/refinery/api.ts";
import { RecordDetail } from "./record-detail.tsx";
import { reasonWords } from "./words.ts";

interface RecordItemProps {
  build: string;
  version: string;
  row: RefineryRow;
  open: boolean;
  chosen: boolean;
  onOpen(open: boolean): void;
  onChosen(on: boolean): void;
}

/** One record's outcome in a line, and on demand what led to it. */
export function RecordItem({ build, version, row, open, chosen, onOpen, onChosen }: RecordItemProps) {
  const { id, outcome, reasons, category, payload_type, difficulty, verdict } = row;
  return (
    <li className="py-2 text-sm" data-record={id}>
      <div className="flex flex-wrap items-center gap-2">
        {outcome === "rejected" && (
          <input
            type="checkbox"
            className="size-4 accent-accent"
            aria-label={`Choose ${id}`}
            checked={chosen}
            onChange={(event) => onChosen(event.target.checked)}
          />
        )}
        <Badge tone={outcome === "accepted" ? "good" : "bad"}>
          <span aria-hidden>{outcome === "accepted" ? "✓" : "✕"}</span> {outcome}
        </Badge>
        <span className="min-w-0 break-all font-mono">{id}</span>
        {reasons.map((reason) => (
          <Badge key={reason} tone="warn">
            {reasonWords[reason]}
          </Badge>
        ))}
        <span className="text-muted text-xs">
          {[category, payload_type, difficulty, verdict === "none" ? "no critique" : `critique: ${verdict}`]
            .filter((word) => word !== "")
            .join(" · ")}
        </span>
        <Button
          look="quiet"
          className="ml-auto text-xs"
          aria-expanded={open}
          aria-label={`${open ? "Hide" : "Show"} details of ${id}`}
          onClick={() => onOpen(!open)}
        >
          {open ? "Hide" : "Details"}
        </Button>
      </div>
      {open && <RecordDetail build={build} id={id} version={version} />}
    </li>
  );
}
