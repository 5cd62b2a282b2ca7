import { useMemo } from "react";
import type { Polarity } from "#lib/core/names.ts";
import { vettedLines } from "#lib/pipeline/vetting-view.ts";
import { layoutOf } from "#lib/traits/document.ts";
import { scenarioFileName } from "#lib/traits/scenario.ts";
import type { PairEditor } from "../pair-editor/pair-editor.ts";
import type { LineScores } from "../pair-editor/scores.ts";
import { gutterScores } from "./gutter-scores.ts";
import type { Vet } from "./use-vet.ts";

/**
 * The scores beside the editor's lines. They are of the text in the editor, which may be ahead of the files; between two
 * saves the editor itself drops the score of a line that is edited.
 */
export function useGutterScores(
  editor: PairEditor | null,
  { vetting, texts: saved, gutter: { kind } }: Pick<Vet, "vetting" | "texts" | "gutter">,
): Record<Polarity, LineScores> | undefined {
  return useMemo(() => {
    if (!editor || (!vetting?.scenarios && !vetting?.responses)) return undefined;
    const file = (side: Polarity) => scenarioFileName(side, layoutOf(saved, side));
    const { positive, negative } = editor.texts;
    const lines = vettedLines({ [file("positive")]: positive, [file("negative")]: negative }, vetting);
    return gutterScores(lines, kind);
  }, [editor, saved, vetting, kind]);
}
