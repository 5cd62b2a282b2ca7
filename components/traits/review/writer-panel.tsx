import type { WriterSettings } from "#lib/authoring/api.ts";
import { WriterFields } from "../batch/writer-fields.tsx";

interface WriterPanelProps {
  writer: WriterSettings;
  onWriter(change: Partial<WriterSettings>): void;
  open: boolean;
  onOpen(open: boolean): void;
}

/** Which language model suggests fixes. */
export function WriterPanel({ writer, onWriter, open, onOpen }: WriterPanelProps) {
  return (
    <details
      open={open}
      onToggle={(event) => onOpen(event.currentTarget.open)}
      className="rounded-lg border bg-surface p-4"
    >
      <summary className="font-semibold">Writer of suggestions</summary>
      <div className="mt-3 space-y-3">
        <WriterFields writer={writer} onWriter={onWriter} />
      </div>
    </details>
  );
}
