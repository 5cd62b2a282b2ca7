import { type Diagnostic, forEachDiagnostic, setDiagnostics } from "@codemirror/lint";
import type { EditorState, Text } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { type Polarity, polarities } from "#lib/core/names.ts";
import type { Finding } from "#lib/traits/lint/finding.ts";
import { otherSide } from "./pair-commands.ts";

/** The lint of lines that lack a partner; only the editor sees it, since blank lines are ignored when a file is read. */
export const PAIRING = "pairing";

const isBlank = (doc: Text, line: number) => line > doc.lines || doc.line(line).text.trim() === "";

/** Lines that look paired but are not, and lines at the end that have no partner yet. */
export function pairingFindings(docs: Record<Polarity, Text>): Finding[] {
  const lastOf = (doc: Text) => {
    let line = doc.lines;
    while (line > 0 && isBlank(doc, line)) line--;
    return line;
  };
  const ends = { positive: lastOf(docs.positive), negative: lastOf(docs.negative) };
  const shared = Math.min(ends.positive, ends.negative);
  const findings: Finding[] = [];
  const add = (polarity: Polarity, line: number, message: string, remedy: string) =>
    findings.push({ lint: PAIRING, severity: "warning", polarity, index: null, line, message, remedy });
  // Both are walked from their start: asking a long document for one line after another is slow.
  const lines = { positive: docs.positive.iterLines(), negative: docs.negative.iterLines() };
  for (let line = 1; line <= shared; line++) {
    const blank = polarities.filter((side) => lines[side].next().value.trim() === "");
    const [side] = blank;
    if (side === undefined || blank.length === 2) continue;
    add(
      side,
      line,
      `The ${side} line ${line} is blank but its partner is not. Blank lines are ignored, so every pair after it shifts by one.`,
      "Write the missing partner, or remove the blank line so that the lines below move up.",
    );
  }
  for (const side of polarities) {
    const first = shared + 1;
    const last = ends[side];
    if (last < first) continue;
    const lines = first === last ? `Line ${first} has` : `Lines ${first}–${last} have`;
    add(
      side,
      first,
      `${lines} no ${otherSide(side)} partner yet.`,
      `Write ${last - shared} more on the ${otherSide(side)} side, or remove the rest here.`,
    );
  }
  return findings;
}

export interface Fix {
  name: string;
  apply(line: number, side: Polarity): void;
}

/** What a finding looks like in the editor: its characters, or its whole line. Null where no line is meant. */
function diagnosticOf(finding: Finding, doc: Text, fixes: Readonly<Record<string, Fix>>): Diagnostic | null {
  const { line: number, polarity, range, lint, severity, message, remedy } = finding;
  if (number === null || polarity === null || number > doc.lines) return null;
  const line = doc.line(number);
  const fix = line.text.trim() === "" ? fixes[lint] : undefined;
  return {
    from: Math.min(line.from + (range?.start ?? 0), line.to),
    to: Math.min(line.from + (range?.end ?? line.length), line.to),
    severity: severity === "warning" ? "warning" : "info",
    source: lint,
    message: `${message}\n${remedy}`,
    ...(fix && {
      actions: [
        {
          name: fix.name,
          apply: (view: EditorView, from: number) => fix.apply(view.state.doc.lineAt(from).number, polarity),
        },
      ],
    }),
  };
}

/** Marks findings of one side; those of `line` only, where it is given, beside what is marked elsewhere. */
export function showFindings(
  view: EditorView,
  findings: readonly Finding[],
  fixes: Readonly<Record<string, Fix>>,
  line?: number,
): void {
  const { doc } = view.state;
  const diagnostics = findings.flatMap((finding) => diagnosticOf(finding, doc, fixes) ?? []);
  const kept = line === undefined ? [] : elsewhere(view.state, line);
  view.dispatch(setDiagnostics(view.state, [...kept, ...diagnostics]));
}

function elsewhere(state: EditorState, line: number): Diagnostic[] {
  const { from: start, to: end } = state.doc.line(line);
  const kept: Diagnostic[] = [];
  forEachDiagnostic(state, (diagnostic, from, to) => {
    if (to < start || from > end) kept.push({ ...diagnostic, from, to });
  });
  return kept;
}
