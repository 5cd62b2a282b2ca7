"use client";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";

interface Marks<Root extends Element> {
  /** Of the element that holds the marks. */
  root: React.RefObject<Root | null>;
  /** Words of the mark that is pointed at or focused; stands below the drawing. */
  readout: ReactNode;
  /** What makes an element of the drawing one of its marks. */
  mark(index: number, description: string): Record<string, unknown>;
}

const steps: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/**
 * The marks of a chart: Tab reaches one of them, arrow keys the others, Home and End the ends. What is pointed at,
 * touched or focused is told in words.
 * @param hint stands in the readout until then
 */
export function useMarks<Root extends Element>(count: number, hint: string): Marks<Root> {
  const [current, setCurrent] = useState(0);
  const [told, setTold] = useState<string | null>(null);
  const root = useRef<Root>(null);
  const at = Math.min(current, Math.max(count - 1, 0));

  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    const to =
      event.key === "Home" ? 0 : event.key === "End" ? count - 1 : step === undefined ? null : at + step;
    if (to === null) return;
    event.preventDefault();
    const mark = root.current?.querySelector<SVGElement>(
      `[data-mark="${Math.min(Math.max(to, 0), count - 1)}"]`,
    );
    mark?.focus();
  };
  return {
    root,
    readout: <Readout text={told} hint={hint} />,
    mark: (index, description) => ({
      role: "img",
      "aria-label": description,
      "data-mark": index,
      tabIndex: index === at ? 0 : -1,
      onKeyDown,
      onFocus: () => {
        setCurrent(index);
        setTold(description);
      },
      onBlur: () => setTold(null),
      onPointerEnter: () => setTold(description),
      onPointerLeave: () => setTold(null),
    }),
  };
}

/** The line below a chart; hidden from screen readers, which read the mark itself. */
export function Readout({ text, hint }: { text: string | null; hint: string }) {
  return (
    <p aria-hidden className="mt-1 min-h-10 text-muted text-xs sm:min-h-5">
      {text ?? hint}
    </p>
  );
}
