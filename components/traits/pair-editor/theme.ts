import { EditorView } from "@codemirror/view";

/** The editor in the page's own colours (app/globals.css), light and dark alike. */
export const theme = EditorView.theme({
  "&": {
    height: "100%",
    fontSize: "0.8125rem",
    backgroundColor: "var(--color-surface)",
    color: "var(--color-ink)",
  },
  "&.cm-focused": { outline: "2px solid var(--color-accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.25rem", overflowAnchor: "none" },
  ".cm-content": { paddingBottom: "calc(var(--missing, 0px) + 4px)", caretColor: "var(--color-ink)" },
  // A shadow, not a border: CodeMirror takes the height of a short line for that of a row of text.
  ".cm-line": {
    padding: "0 6px",
    boxShadow: "inset 0 1px color-mix(in srgb, var(--color-line) 55%, transparent)",
  },
  ".cm-cursor": { borderLeftColor: "var(--color-ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--color-accent) 25%, transparent)",
  },
  ".cm-gutters": {
    backgroundColor: "var(--color-raised)",
    color: "var(--color-muted)",
    borderRight: "1px solid var(--color-line)",
  },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--color-raised) 55%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--color-line)", color: "var(--color-ink)" },
  ".cm-placeholder": { color: "var(--color-muted)" },
  ".cm-searchMatch": { backgroundColor: "color-mix(in srgb, var(--color-warn) 30%, transparent)" },
  ".cm-searchMatch-selected": { outline: "1px solid var(--color-warn)" },
  ".cm-panels": { backgroundColor: "var(--color-raised)", color: "var(--color-ink)" },
  ".cm-panels-bottom": { borderTop: "1px solid var(--color-line)" },
  ".cm-panel.cm-search": { padding: "6px 28px 6px 8px" },
  ".cm-panel.cm-search label": { fontSize: "0.75rem" },
  ".cm-textfield": {
    fontSize: "0.8125rem",
    border: "1px solid var(--color-line)",
    borderRadius: "4px",
    backgroundColor: "var(--color-surface)",
  },
  ".cm-button": {
    fontSize: "0.75rem",
    border: "1px solid var(--color-line)",
    borderRadius: "4px",
    backgroundImage: "none",
    backgroundColor: "var(--color-surface)",
    color: "inherit",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--color-surface)",
    border: "1px solid var(--color-line)",
    borderRadius: "6px",
    color: "var(--color-ink)",
    maxWidth: "26rem",
  },
  ".cm-diagnostic": { padding: "6px 8px", fontFamily: "var(--font-sans)", whiteSpace: "pre-wrap" },
  ".cm-diagnostic-warning": { borderLeft: "3px solid var(--color-warn)" },
  ".cm-diagnostic-info": { borderLeft: "3px solid var(--color-muted)" },
  ".cm-diagnosticAction": { backgroundColor: "var(--color-accent)", color: "var(--color-on-accent)" },
  ".cm-lintRange-warning, .cm-lintRange-info": {
    backgroundImage: "none",
    paddingBottom: "0",
    textDecoration: "underline wavy 1px var(--color-warn)",
    textUnderlineOffset: "3px",
  },
  ".cm-lintRange-info": { textDecoration: "underline dotted 1.5px var(--color-muted)" },
  ".cm-score": { padding: "0 6px", textAlign: "right", minWidth: "3.2em", whiteSpace: "nowrap" },
  ".cm-score-human": { fontSize: "0.625rem", paddingLeft: "2px", verticalAlign: "super", lineHeight: "0" },
  ".cm-score-passed": { color: "var(--color-good)" },
  ".cm-score-failed": { color: "var(--color-bad)" },
  ".cm-score-ambiguous": { color: "var(--color-warn)" },
  // The active line's gutter is too dark a ground for the colours.
  ".cm-activeLineGutter.cm-score": { color: "var(--color-ink)" },
});
