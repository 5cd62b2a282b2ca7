import { type ReactNode, useEffect, useRef, useState } from "react";

/**
 * Takes files dropped anywhere on the page, before any field can paste their text.
 * @returns what says so while they are dragged over it
 */
export function useFileDrop(onDrop: (data: DataTransfer) => void): ReactNode {
  const [over, setOver] = useState(false);
  const latest = useRef(onDrop);
  latest.current = onDrop;
  useEffect(() => {
    const take = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return null;
      event.preventDefault();
      event.stopPropagation();
      return event.dataTransfer;
    };
    const onOver = (event: DragEvent) => {
      const data = take(event);
      if (!data) return;
      data.dropEffect = "copy";
      setOver(true);
    };
    const onLeave = (event: DragEvent) => {
      // Null: the pointer left the window, not an element for another.
      if (take(event) && event.relatedTarget === null) setOver(false);
    };
    const onEnd = (event: DragEvent) => {
      const data = take(event);
      if (!data) return;
      setOver(false);
      latest.current(data);
    };
    const options = { capture: true };
    addEventListener("dragenter", onOver, options);
    addEventListener("dragover", onOver, options);
    addEventListener("dragleave", onLeave, options);
    addEventListener("drop", onEnd, options);
    return () => {
      removeEventListener("dragenter", onOver, options);
      removeEventListener("dragover", onOver, options);
      removeEventListener("dragleave", onLeave, options);
      removeEventListener("drop", onEnd, options);
    };
  }, []);
  if (!over) return null;
  return (
    <div className="pointer-events-none fixed inset-2 z-[60] grid place-items-center rounded-lg border-2 border-accent border-dashed bg-surface/85 p-6 text-center">
      <p className="font-semibold text-lg">
        Drop to look at what is in it
        <span className="block font-normal text-muted text-sm">Nothing is written until you say so.</span>
      </p>
    </div>
  );
}
