import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, GutterMarker, gutter } from "@codemirror/view";

/** What a judge, or a person, made of a line. `score`: 0 to 100; null where it could not be judged. */
export interface LineScore {
  score: number | null;
  verdict: "passed" | "failed" | "ambiguous" | "error";
  /** The verdict is a person's. */
  human?: boolean;
  /** In words, when pointed at. */
  title?: string;
}

/** Scores by 1-based line. */
export type LineScores = ReadonlyMap<number, LineScore>;

const marks = { passed: "✓", failed: "✗", ambiguous: "~", error: "!" } as const;

class ScoreMarker extends GutterMarker {
  readonly #line: LineScore;

  constructor(line: LineScore) {
    super();
    this.#line = line;
    this.elementClass = `cm-score cm-score-${line.verdict}`;
  }

  override eq(other: ScoreMarker): boolean {
    const [mine, theirs] = [this.#line, other.#line];
    return (
      theirs.score === mine.score &&
      theirs.verdict === mine.verdict &&
      theirs.human === mine.human &&
      theirs.title === mine.title
    );
  }

  override toDOM(): HTMLElement {
    const { score, verdict, human, title } = this.#line;
    const cell = document.createElement("span");
    if (title) cell.title = title;
    cell.append(`${score === null ? "–" : Math.round(score)} ${marks[verdict]}`);
    if (human)
      cell.append(
        Object.assign(document.createElement("span"), { className: "cm-score-human", textContent: "you" }),
      );
    return cell;
  }
}

const setMarkers = StateEffect.define<RangeSet<GutterMarker>>();

/** Scores move with their lines; a line that is edited loses its score, which was another text's. */
const markers = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update(set, { changes, effects, startState, newDoc }) {
    let scores = set;
    if (!changes.empty && set.size > 0) {
      const edited = new Set<number>();
      changes.iterChangedRanges((from, to) => {
        for (let at = from; at <= to; ) {
          const line = startState.doc.lineAt(at);
          // A whole line put before this one leaves its text as it was.
          if (
            !(from === to && from === line.from && newDoc.lineAt(changes.mapPos(from, 1)).text === line.text)
          ) {
            edited.add(line.from);
          }
          at = line.to + 1;
        }
      });
      scores = set.update({ filter: (from) => !edited.has(from) }).map(changes);
    }
    for (const effect of effects) if (effect.is(setMarkers)) scores = effect.value;
    return scores;
  },
});

export const scoreGutter = [
  markers,
  gutter({
    class: "cm-scores",
    markers: (view) => view.state.field(markers),
    renderEmptyElements: false,
  }),
];

export function showScores(view: EditorView, scores: LineScores): void {
  const { doc } = view.state;
  const set = [...scores]
    .filter(([line]) => line >= 1 && line <= doc.lines)
    .map(([line, score]) => new ScoreMarker(score).range(doc.line(line).from));
  view.dispatch({ effects: setMarkers.of(RangeSet.of(set, true)) });
  // Scores widen the gutter, so that lines wrap anew.
  view.requestMeasure();
}
