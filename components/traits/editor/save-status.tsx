import { Button } from "#components/ui/button.tsx";
import type { SaveState } from "#lib/client/draft.ts";

/** How far what is typed is from what is on disk. */
export function SaveStatus({ state, onRetry }: { state: SaveState<unknown>; onRetry(): void }) {
  return (
    <div role="status" className="flex flex-wrap items-center gap-2 text-sm">
      <span className={state.kind === "failed" || state.kind === "conflict" ? "text-bad" : "text-muted"}>
        {textOf(state)}
      </span>
      {state.kind === "failed" && <Button onClick={onRetry}>Retry</Button>}
    </div>
  );
}

function textOf(state: SaveState<unknown>): string {
  switch (state.kind) {
    case "saved":
      return `Saved at ${clock(state.at)}`;
    case "unsaved":
    case "saving":
      return "Saving …";
    case "failed":
      return `Not saved: ${state.error.userMessage}`;
    case "conflict":
      return "Not saved: the files were changed by another program";
  }
}

function clock(iso: string): string {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  return at.toLocaleString(undefined, { ...(today ? {} : { dateStyle: "medium" }), timeStyle: "medium" });
}
