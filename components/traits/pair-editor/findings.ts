import { type Diagnostic, forEachDiagnostic, setDiagnostics } from "@codemirror/lint";
import type { EditorState, Text } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { Finding } from "#lib/traits/lint/finding.ts";

/** Offered beside a finding of one lint. */
export interface Fix {
  lint: string;
  name: string;
  apply(line: number): void;
}

/** What a finding looks like in the editor: its characters, or its whole line. Null where no line is meant. */
function diagnosticOf(finding: Finding, doc: Text, fix: Fix): Diagnostic | null {
  const { line: number, range, lint, severity, message, remedy } = finding;
  if (number === null || number > doc.lines) return null;
  const line = doc.line(number);
  return {
    from: Math.min(line.from + (range?.start ?? 0), line.to),
    to: Math.min(line.from + (range?.end ?? line.length), line.to),
    severity: severity === "warning" ? "warning" : "info",
    source: lint,
    message: `${message}\n${remedy}`,
    ...(lint === fix.lint && {
      actions: [
        {
          name: fix.name,
          apply: (view: EditorView, from: number) => fix.apply(view.state.doc.lineAt(from).number),
        },
      ],
    }),
  };
}

/** Marks the findings of one side; with `line`, only that line's are replaced. */
export function showFindings(
  view: EditorView,
  findings: readonly Finding[],
  fix: Fix,
  line: number | null,
): void {
  const { state } = view;
  const shown = line === null ? [] : split(state, line);
  const diagnostics = findings.flatMap((finding) => diagnosticOf(finding, state.doc, fix) ?? []);
  const same = line !== null && textOf(shown.filter(({ here }) => here)) === textOf(diagnostics);
  if (same) return;
  const elsewhere = shown.filter(({ here }) => !here);
  view.dispatch(setDiagnostics(state, [...elsewhere, ...diagnostics]));
}

function textOf(diagnostics: readonly Diagnostic[]): string {
  return JSON.stringify(diagnostics.map(({ from, to, message }) => [from, to, message]));
}

/** What is marked now, where it is now, and whether it is on `line`. */
function split(state: EditorState, line: number): (Diagnostic & { here: boolean })[] {
  const { from: start, to: end } = state.doc.line(line);
  const shown: (Diagnostic & { here: boolean })[] = [];
  forEachDiagnostic(state, (diagnostic, from, to) =>
    shown.push({ ...diagnostic, from, to, here: to >= start && from <= end }),
  );
  return shown;
}
