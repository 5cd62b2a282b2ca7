import { useEffect } from "react";
import { toast } from "sonner";
import type { Draft } from "#lib/client/draft.ts";

/** Saves a draft when the page is left, and asks before leaving one that cannot be saved. */
export function useDraftGuard<Conflict>(draft: Draft<Conflict>, words: { leaving: string; lost: string }) {
  const { leaving, lost } = words;
  useEffect(() => {
    const onBeforeUnload = (event: BeforeUnloadEvent) => {
      if (draft.dirty) event.preventDefault();
    };
    const onHidden = () => {
      if (document.visibilityState === "hidden") void draft.flush();
    };
    // A link inside Tiller unloads nothing: what cannot be saved would be lost without a word.
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      const stuck = draft.state.kind === "failed" || draft.state.kind === "conflict";
      if (!link || !stuck || confirm(leaving)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener("beforeunload", onBeforeUnload);
    document.addEventListener("visibilitychange", onHidden);
    document.addEventListener("click", onClick, { capture: true });
    return () => {
      removeEventListener("beforeunload", onBeforeUnload);
      document.removeEventListener("visibilitychange", onHidden);
      document.removeEventListener("click", onClick, { capture: true });
      const { kind } = draft.state;
      if (kind !== "unsaved" && kind !== "saving") return;
      void draft.flush().then((done) => {
        if (!done) toast.error(lost);
      });
    };
  }, [draft, leaving, lost]);
}
