import { type Range, StateEffect, StateField } from "@codemirror/state";
import {
  type BlockInfo,
  BlockType,
  Decoration,
  type DecorationSet,
  EditorView,
  type ViewUpdate,
  WidgetType,
} from "@codemirror/view";
import { type Polarity, polarities } from "#lib/core/names.ts";
import { otherSide } from "./pair-commands.ts";

type Views = Record<Polarity, EditorView>;

/** Empty room below a line whose partner is higher, in CSS pixels. */
class Spacer extends WidgetType {
  readonly height: number;

  constructor(height: number) {
    super();
    this.height = height;
  }

  override eq(other: Spacer): boolean {
    return other.height === this.height;
  }

  override get estimatedHeight(): number {
    return this.height;
  }

  override toDOM(): HTMLElement {
    const element = document.createElement("div");
    element.style.height = `${this.height}px`;
    return element;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

interface Spacers {
  /** The stretch of the document they are for; what was there before is dropped. */
  from: number;
  to: number;
  spacers: Range<Decoration>[];
}

const setSpacers = StateEffect.define<Spacers | null>();

/** Spacers of the lines that have been on the screen. */
const spacerField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(before, { changes, effects }) {
    let set = before.map(changes);
    for (const { value } of effects.filter((effect) => effect.is(setSpacers))) {
      const { from: filterFrom, to: filterTo, spacers: add } = value ?? { from: 0, to: 0, spacers: [] };
      set = value ? set.update({ filterFrom, filterTo, filter: () => false, add }) : Decoration.none;
    }
    return set;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * Keeps two views pair by pair: the lines of a pair are equally high, and both scroll together by line, since heights
 * of lines that were never on the screen are only estimates.
 */
export class Alignment {
  #views: Views | null = null;
  #leader: Polarity = "positive";
  #due = false;
  #widths = "";

  extension(side: Polarity) {
    const lead = () => {
      this.#leader = side;
    };
    return [
      spacerField,
      EditorView.updateListener.of((update) => this.#onUpdate(update)),
      EditorView.domEventHandlers({
        wheel: lead,
        pointerdown: lead,
        touchstart: lead,
        keydown: lead,
        focusin: lead,
        scroll: () => {
          if (this.#leader === side) this.#follow();
        },
      }),
    ];
  }

  attach(views: Views): void {
    this.#views = views;
    this.#schedule();
  }

  detach(): void {
    this.#views = null;
  }

  /** The side that the other one follows until the person turns to that. */
  lead(side: Polarity): void {
    this.#leader = side;
  }

  #onUpdate({ view, docChanged, viewportChanged, geometryChanged, transactions }: ViewUpdate): void {
    if (transactions.some(({ effects }) => effects.some((effect) => effect.is(setSpacers)))) return;
    // What a change does to heights is known once CodeMirror has measured it, in the same frame.
    if (docChanged) view.requestMeasure({ key: this, read: () => this.#schedule() });
    else if (viewportChanged || geometryChanged) this.#schedule();
  }

  /** Aligns after the present update or measurement of a view, before the frame is painted. */
  #schedule(): void {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      if (!this.#views) return;
      this.#align(this.#views);
      this.#follow();
    });
  }

  #align(views: Views): void {
    // A view that was hidden, or is not measured yet, has estimates for heights: aligning by those never ends.
    if (views.positive.dom.clientHeight === 0) return;
    for (const side of polarities) views[side].lineBlockAtHeight(0);
    const widths = polarities.map((side) => views[side].contentDOM.clientWidth).join();
    if (widths !== this.#widths) {
      this.#widths = widths;
      for (const side of polarities) views[side].dispatch({ effects: setSpacers.of(null) });
    }
    const sideBySide =
      views.positive.dom.getBoundingClientRect().top === views.negative.dom.getBoundingClientRect().top;
    const heights = { positive: lineHeights(views.positive), negative: lineHeights(views.negative) };
    for (const side of polarities) {
      const view = views[side];
      const partners = heights[otherSide(side)];
      const spacers: Range<Decoration>[] = [];
      let changed = false;
      for (const [number, { own, spacer }] of heights[side]) {
        const missing = sideBySide ? (partners.get(number)?.own ?? own) - own : 0;
        const wanted = missing > 0.5 ? missing : 0;
        if (Math.abs(wanted - spacer) > 0.5) changed = true;
        if (wanted === 0) continue;
        const end = view.state.doc.line(number).to;
        spacers.push(Decoration.widget({ widget: new Spacer(wanted), side: 1, block: true }).range(end));
      }
      if (changed) view.dispatch({ effects: setSpacers.of({ ...view.viewport, spacers }) });
    }
    this.#padEnds(views);
  }

  /** The side with fewer lines can be scrolled as far as the other. */
  #padEnds(views: Views): void {
    for (const side of polarities) {
      const { doc } = views[side].state;
      const other = views[otherSide(side)];
      const missing =
        other.state.doc.lines > doc.lines
          ? other.lineBlockAt(other.state.doc.length).bottom -
            other.lineBlockAt(other.state.doc.line(doc.lines + 1).from).top
          : 0;
      const padding = `${Math.ceil(missing)}px`;
      const { style } = views[side].dom;
      if (style.getPropertyValue("--missing") === padding) continue;
      style.setProperty("--missing", padding);
      views[side].requestMeasure();
    }
  }

  /** Scrolls the other side to the line, and the place in it, that is at the top of the leader. */
  #follow(): void {
    if (!this.#views) return;
    const leader = this.#views[this.#leader];
    const follower = this.#views[otherSide(this.#leader)];
    const top = leader.scrollDOM.scrollTop - leader.documentPadding.top;
    const block = leader.lineBlockAtHeight(Math.max(top, 0));
    const number = leader.state.doc.lineAt(block.from).number;
    const { doc } = follower.state;
    const start =
      number <= doc.lines
        ? follower.lineBlockAt(doc.line(number).from).top
        : follower.lineBlockAt(doc.length).bottom +
          block.top -
          leader.lineBlockAt(leader.state.doc.line(doc.lines + 1).from).top;
    const target = start + top - block.top + follower.documentPadding.top;
    if (Math.abs(follower.scrollDOM.scrollTop - target) >= 1) follower.scrollDOM.scrollTop = target;
  }
}

/** Heights of the visible lines by line number: the text's own, and the spacer's below it. */
function lineHeights(view: EditorView): Map<number, { own: number; spacer: number }> {
  return new Map(
    view.viewportLineBlocks.map((block) => {
      const parts: readonly BlockInfo[] = Array.isArray(block.type) ? block.type : [block];
      const own = parts.find(({ type }) => type === BlockType.Text)?.height ?? block.height;
      return [view.state.doc.lineAt(block.from).number, { own, spacer: block.height - own }];
    }),
  );
}
