import type { ReactNode } from "react";

/** What the judge goes by, always beside the item; folds away. */
export function RubricPanel({ definition, children }: { definition: string; children?: ReactNode }) {
  return (
    <aside aria-label="Rubric" className="min-w-0 space-y-4 xl:sticky xl:top-4">
      <details open className="rounded-lg border bg-surface p-4">
        <summary className="font-semibold">Rubric</summary>
        <p className="mt-2 max-h-[60vh] overflow-y-auto whitespace-pre-wrap break-words text-sm">
          {definition.trim() || "There is no definition yet: write it in the editor."}
        </p>
      </details>
      {children}
    </aside>
  );
}
