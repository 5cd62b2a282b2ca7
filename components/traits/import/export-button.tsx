"use client";
import { Download } from "lucide-react";
import { useState } from "react";
import { saveBlob } from "#components/save-file.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { messageOf } from "#lib/client/request.ts";
import type { TraitTexts } from "#lib/traits/document.ts";
import { type ExportFormat, exportFormats } from "#lib/traits/import/formats.ts";

const formats: Record<ExportFormat, { title: string; holds: string; type: string }> = {
  txt: { title: "Text", holds: "positive.txt and negative.txt, a scenario a line", type: "text/plain" },
  csv: { title: "CSV", holds: "one table, a pair a row, with system prompts", type: "text/csv" },
  jsonl: {
    title: "JSON Lines",
    holds: "an object a pair, with system prompts",
    type: "application/jsonl",
  },
};

/** Downloads the pairs as they are shown. @param name the trait's, without its category */
export function ExportButton({ name, read }: { name: string; read(): TraitTexts }) {
  const [open, setOpen] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const download = async (format: ExportFormat) => {
    try {
      const { exportTrait } = await import("#lib/traits/import/export.ts");
      for (const file of exportTrait(read(), format, name)) {
        saveBlob(new Blob([file.content], { type: `${formats[format].type};charset=utf-8` }), file.name);
      }
      setOpen(false);
    } catch (failure) {
      setError(messageOf(failure));
    }
  };
  return (
    <Dialog
      trigger={
        <Button>
          <Download size={16} aria-hidden /> Export…
        </Button>
      }
      title="Export pairs"
      description="What is shown now, saved or not; an import reads it back."
      open={open}
      onOpenChange={(now) => {
        setOpen(now);
        setError(null);
      }}
    >
      <ul className="space-y-2">
        {exportFormats.map((format) => (
          <li key={format} className="flex flex-wrap items-center gap-3">
            <Button className="w-32" onClick={() => void download(format)}>
              {formats[format].title}
            </Button>
            <span className="text-muted text-sm">{formats[format].holds}</span>
          </li>
        ))}
      </ul>
      {error && (
        <div className="mt-3">
          <ErrorNote message={error} />
        </div>
      )}
    </Dialog>
  );
}
