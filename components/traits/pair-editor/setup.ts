import { defaultKeymap } from "@codemirror/commands";
import { lintGutter, nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import type { Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import type { Polarity } from "#lib/core/names.ts";
import { scoreGutter } from "./scores.ts";
import { theme } from "./theme.ts";

const examples: Record<Polarity, string> = {
  positive: "One scenario a line, ending where the trait is about to show",
  negative: "The same situation, ending where its opposite is about to show",
};

/** What one side has apart from its partner: a plain text editor of one scenario a line. */
export function sideSetup(side: Polarity): Extension {
  return [
    lineNumbers(),
    lintGutter(),
    scoreGutter,
    highlightActiveLine(),
    highlightActiveLineGutter(),
    drawSelection(),
    highlightSelectionMatches({ minSelectionLength: 3 }),
    search({ top: true }),
    placeholder(examples[side]),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      "aria-label": `${side === "positive" ? "Positive" : "Negative"} scenarios, one per line`,
      spellcheck: "true",
      // Editable content takes the focus anyway; checkers of accessibility look for this.
      tabindex: "0",
    }),
    // Tab is left to the page: it leaves the editor.
    keymap.of([
      ...searchKeymap,
      { key: "F8", run: nextDiagnostic, shift: previousDiagnostic },
      ...defaultKeymap,
    ]),
    theme,
  ];
}
