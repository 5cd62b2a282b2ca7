"use client";
import type { Text } from "@codemirror/state";
import { useEffect, useRef, useState } from "react";
import { whole } from "#components/format.ts";
import type { Polarity } from "#lib/core/names.ts";
import { PairEditor } from "./pair-editor.ts";
import { PairToolbar } from "./pair-toolbar.tsx";
import type { LineScores } from "./scores.ts";

export interface PairPanesProps {
  /** The texts to begin with; later ones are put in with `PairEditor.replaceTexts`, so that undo reaches back. */
  initial: Record<Polarity, string>;
  /** Line-based scores, once there are any. */
  scores?: Record<Polarity, LineScores>;
  /** Told when the editor stands, and null when it goes. */
  onEditor(editor: PairEditor | null): void;
  /** A side's text changed; `line` is the one line that did, null where there were more. */
  onChange(side: Polarity, line: number | null): void;
  /** New pairs are asked for. */
  onBatch(): void;
}

/** The two sides of a trait, pair by pair. Heavy: load it with `LazyPairPanes`. */
export function PairPanes({ initial, scores, onEditor, onChange, onBatch }: PairPanesProps) {
  const positive = useRef<HTMLDivElement>(null);
  const negative = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<PairEditor | null>(null);
  const [lines, setLines] = useState({ positive: 0, negative: 0 });
  // The editor is made once; what it tells goes to the newest callbacks.
  const latest = useRef({ initial, onEditor, onChange, onBatch });
  latest.current = { initial, onEditor, onChange, onBatch };

  useEffect(() => {
    if (!positive.current || !negative.current) return;
    const count = () => {
      const { positive: left, negative: right } = made.docs;
      setLines((before) => {
        const now = { positive: linesIn(left), negative: linesIn(right) };
        return now.positive === before.positive && now.negative === before.negative ? before : now;
      });
    };
    const made = new PairEditor({
      parents: { positive: positive.current, negative: negative.current },
      texts: latest.current.initial,
      onChange: (side, line) => {
        count();
        latest.current.onChange(side, line);
      },
      onBatch: () => latest.current.onBatch(),
    });
    count();
    setEditor(made);
    latest.current.onEditor(made);
    return () => {
      latest.current.onEditor(null);
      made.destroy();
    };
  }, []);

  useEffect(() => {
    if (!editor || !scores) return;
    editor.showScores("positive", scores.positive);
    editor.showScores("negative", scores.negative);
  }, [editor, scores]);

  return (
    <div className="min-w-0">
      <PairToolbar editor={editor} onBatch={onBatch} />
      <div className="grid overflow-hidden rounded-lg border bg-surface sm:grid-cols-2">
        <Pane side="positive" lines={lines.positive} parent={positive} />
        <Pane side="negative" lines={lines.negative} parent={negative} />
      </div>
    </div>
  );
}

function linesIn({ length, lines }: Text): number {
  return length === 0 ? 0 : lines;
}

interface PaneProps {
  side: Polarity;
  lines: number;
  parent: React.Ref<HTMLDivElement>;
}

function Pane({ side, lines, parent }: PaneProps) {
  const positive = side === "positive";
  return (
    <div className="min-w-0 border-b last:border-0 sm:border-r sm:border-b-0">
      <p className="flex items-baseline justify-between gap-2 border-b px-3 py-1 text-sm">
        <span className={`font-semibold ${positive ? "text-positive" : "text-negative"}`}>
          {positive ? "+ Positive" : "− Negative"}
        </span>
        <span className="text-muted text-xs">
          {whole(lines)} {lines === 1 ? "line" : "lines"}
        </span>
      </p>
      <div ref={parent} className="h-[38vh] sm:h-[clamp(20rem,62vh,60rem)]" />
    </div>
  );
}
