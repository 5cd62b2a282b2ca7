import { useMemo } from "react";
import { diffWords } from "#lib/traits/diff.ts";

/** One line with what was taken out and put in, word by word. */
export function WordDiff({ before, after }: { before: string; after: string }) {
  const parts = useMemo(() => diffWords(before, after), [before, after]);
  return (
    <p className="whitespace-pre-wrap break-words font-mono text-sm">
      {parts.map(({ kind, text }, at) => {
        if (kind === "same") return text;
        const Element = kind === "added" ? "ins" : "del";
        return (
          <Element
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts never change places
            key={at}
            className={`text-ink ${kind === "added" ? "bg-good/30 no-underline" : "bg-bad/25 line-through"}`}
          >
            {text}
          </Element>
        );
      })}
    </p>
  );
}
