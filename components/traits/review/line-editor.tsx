"use client";
import { useEffect, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { TextArea } from "#components/ui/field.tsx";
import { promptProblem } from "#lib/traits/line-edit.ts";
import type { ScenarioLayout } from "#lib/traits/scenario.ts";

interface LineEditorProps {
  label: string;
  /** What is typed is kept under it while another item is looked at. */
  initial: string;
  layout: ScenarioLayout;
  onTyped(prompt: string): void;
  /** @param next also go to the next item */
  onSave(prompt: string, next: boolean): void;
  onCancel(): void;
}

/** A line to type in; Ctrl+Enter saves, Escape leaves it as it was. */
export function LineEditor({ label, initial, layout, onTyped, onSave, onCancel }: LineEditorProps) {
  const [prompt, setPrompt] = useState(initial);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const field = box.current?.querySelector("textarea");
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }, []);
  const problem = promptProblem(prompt, layout);
  const save = (next: boolean) => {
    if (!problem) onSave(prompt, next);
  };
  return (
    <div ref={box} className="space-y-2">
      <TextArea
        label={label}
        className="font-mono"
        rows={4}
        value={prompt}
        error={problem ?? undefined}
        onChange={(event) => {
          setPrompt(event.target.value);
          onTyped(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") onCancel();
          else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save(true);
          // A line of a .txt file has no second line.
          else if (!(event.key === "Enter" && layout === "lines")) return;
          event.preventDefault();
        }}
      />
      <div className="flex flex-wrap gap-2">
        <Button look="primary" disabled={problem !== null} onClick={() => save(true)}>
          Save and next (Ctrl+Enter)
        </Button>
        <Button disabled={problem !== null} onClick={() => save(false)}>
          Save
        </Button>
        <Button look="quiet" onClick={onCancel}>
          Cancel (Esc)
        </Button>
      </div>
    </div>
  );
}
