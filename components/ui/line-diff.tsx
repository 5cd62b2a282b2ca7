"use client";
import { useMemo, useState } from "react";
import { whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { diffLines, diffWords, type Hunk } from "#lib/traits/diff.ts";

interface LineDiffProps {
  title: string;
  before: string;
  after: string;
}

const SHOWN = 100;

/** The lines in which two texts differ, with the words that changed. */
export function LineDiff({ title, before, after }: LineDiffProps) {
  const [shown, setShown] = useState(SHOWN);
  const { old, now, hunks } = useMemo(() => {
    const [from, to] = [linesOf(before), linesOf(after)];
    return { old: from, now: to, hunks: diffLines(from, to) };
  }, [before, after]);
  const removed = hunks.reduce((sum, { before: [start, end] }) => sum + end - start, 0);
  const added = hunks.reduce((sum, { after: [start, end] }) => sum + end - start, 0);
  return (
    <section>
      <h3 className="mb-1 font-semibold text-sm">
        {title}{" "}
        <span className="font-normal text-muted">
          −{whole(removed)} +{whole(added)} lines
        </span>
      </h3>
      <ul className="overflow-x-auto rounded-md border font-mono text-xs">
        {hunks.slice(0, shown).flatMap((hunk) => rowsOf(hunk, old, now))}
      </ul>
      {hunks.length > shown && (
        <Button className="mt-2" onClick={() => setShown(shown + 1000)}>
          Show more of {whole(hunks.length)} places
        </Button>
      )}
    </section>
  );
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function rowsOf({ before, after }: Hunk, old: readonly string[], now: readonly string[]) {
  const [from, to] = [old.slice(...before), now.slice(...after)];
  // Words are compared where each line has its counterpart.
  const words = from.length === to.length ? from.map((line, at) => diffWords(line, to[at] ?? "")) : null;
  const row = (line: string, at: number, kind: "removed" | "added") => {
    const number = (kind === "removed" ? before[0] : after[0]) + at + 1;
    return (
      <li
        key={`${kind}${number}`}
        className={`grid grid-cols-[3rem_1fr] gap-2 px-2 py-0.5 ${kind === "removed" ? "bg-bad/10" : "bg-good/10"}`}
      >
        <span className="text-right text-muted">
          {number} {kind === "removed" ? "−" : "+"}
        </span>
        <span className="min-w-0 whitespace-pre-wrap break-words">
          {words?.[at]
            ?.filter((part) => part.kind === "same" || part.kind === kind)
            .map((part, place) =>
              part.kind === "same" ? (
                part.text
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: the parts never change places
                <mark key={place} className={`text-ink ${kind === "removed" ? "bg-bad/30" : "bg-good/30"}`}>
                  {part.text}
                </mark>
              ),
            ) ?? line}
        </span>
      </li>
    );
  };
  return [
    ...from.map((line, at) => row(line, at, "removed")),
    ...to.map((line, at) => row(line, at, "added")),
  ];
}
