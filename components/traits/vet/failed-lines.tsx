import { useState } from "react";
import { whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import type { Polarity } from "#lib/core/names.ts";
import type { VettingKind } from "#lib/pipeline/human-labels.ts";
import { lineFailure, type VettedLine } from "#lib/pipeline/vetting-view.ts";

const SHOWN = 20;

interface FailedLinesProps {
  lines: readonly VettedLine[];
  kind: VettingKind;
  onGo(side: Polarity, line: number): void;
}

/** The lines that did not pass, each with the way to it. */
export function FailedLines({ lines, kind, onGo }: FailedLinesProps) {
  const [shown, setShown] = useState(SHOWN);
  const failed = lines.flatMap((line) => {
    const failure = lineFailure(line, kind);
    return failure ? [{ line, failure }] : [];
  });
  if (failed.length === 0) return null;
  return (
    <>
      <ul aria-label={`${kind}s that did not pass`} className="divide-y">
        {failed.slice(0, shown).map(({ line, failure }) => (
          <FailedLine key={`${line.polarity} ${line.index}`} {...{ line, failure, kind, onGo }} />
        ))}
      </ul>
      {failed.length > shown && (
        <Button onClick={() => setShown(shown + 200)}>Show more of {whole(failed.length)}</Button>
      )}
    </>
  );
}

interface FailedLineProps extends Omit<FailedLinesProps, "lines"> {
  line: VettedLine;
  failure: string;
}

function FailedLine({ line, failure, kind, onGo }: FailedLineProps) {
  const positive = line.polarity === "positive";
  const result = line[kind];
  const text = kind === "scenario" ? line.text : (result?.response ?? "");
  return (
    <li className="grid grid-cols-[3rem_2.5rem_minmax(0,1fr)] items-baseline gap-2 py-1 text-sm">
      <button
        type="button"
        className={`justify-self-start font-mono underline underline-offset-2 ${positive ? "text-positive" : "text-negative"}`}
        aria-label={`Go to ${line.polarity} line ${line.line}`}
        onClick={() => onGo(line.polarity, line.line)}
      >
        {positive ? "+" : "−"} {line.line}
      </button>
      <span className="text-right font-mono">{result?.score == null ? "–" : Math.round(result.score)}</span>
      <p className="min-w-0">
        {failure}
        <span className="block truncate font-mono text-muted text-xs" title={text}>
          {text}
        </span>
      </p>
    </li>
  );
}
