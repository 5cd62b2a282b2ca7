import { useCallback, useRef } from "react";
import type { Polarity } from "#lib/core/names.ts";
import type { PairEditor } from "../pair-editor/pair-editor.ts";

/** Goes to a line of the editor from a tab that hides it: once it is shown again. */
export function useGoTo(editor: PairEditor | null, show: () => void) {
  const place = useRef<{ side: Polarity; line: number } | null>(null);
  const go = (side: Polarity, line: number) => {
    place.current = { side, line };
    show();
  };
  /** To be called when the editor is on the screen. */
  const onShown = useCallback(() => {
    if (!editor || !place.current) return;
    const { side, line } = place.current;
    place.current = null;
    editor.focus(side, line);
  }, [editor]);
  return { go, onShown };
}
