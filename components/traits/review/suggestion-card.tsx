"use client";
import { type KeyboardEvent, type RefObject, useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import type { Finding } from "#lib/traits/lint/finding.ts";
import type { Suggestion } from "./use-suggestions.ts";
import { WordDiff } from "./word-diff.tsx";

interface SuggestionCardProps {
  before: string;
  suggestion: Suggestion;
  card: RefObject<HTMLElement | null>;
  /** What looks weak in the line as suggested. */
  lint(line: string): Promise<Finding[]>;
  onAccept(): void;
  onEdit(): void;
  onReject(): void;
  onAgain(): void;
  onBack(): void;
}

/** A suggested line against the one that is there. With the focus on it, A or Enter, E, X and Escape are its own. */
export function SuggestionCard({
  before,
  suggestion,
  card,
  lint,
  onAccept,
  onEdit,
  onReject,
  onAgain,
  onBack,
}: SuggestionCardProps) {
  const line = suggestion.state === "ready" ? suggestion.line : null;
  const findings = useLint(lint, line);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || line === null) return;
    const onButton = event.target instanceof HTMLButtonElement;
    const key = event.key.toLowerCase();
    if (key === "a" || (key === "enter" && !onButton)) onAccept();
    else if (key === "e") onEdit();
    else if (key === "x") onReject();
    else if (key === "escape") onBack();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section
      ref={card}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the suggestion's keys act while it has the focus
      tabIndex={0}
      aria-label="Suggested fix"
      onKeyDown={onKeyDown}
      className="space-y-2 rounded-md border border-accent/60 p-3"
    >
      <h3 className="font-semibold text-sm">Suggested fix</h3>
      {suggestion.state === "asked" && <Skeleton lines={2} />}
      {suggestion.state === "failed" && (
        <ErrorNote message={suggestion.message} action={<Button onClick={onAgain}>Ask again</Button>} />
      )}
      {suggestion.state === "ready" && (
        <>
          <WordDiff before={before} after={suggestion.line} />
          <p className="text-muted text-sm">{suggestion.why}</p>
          {findings.length > 0 && (
            <ul className="list-disc pl-5 text-sm">
              {findings.map(({ lint: id, severity, message }) => (
                <li key={id + message}>
                  <span className="text-warn">{severity}</span>: {message}
                </li>
              ))}
            </ul>
          )}
          <div className="flex flex-wrap gap-2">
            <Button look="primary" onClick={onAccept}>
              Accept (A)
            </Button>
            <Button onClick={onEdit}>Edit (E)</Button>
            <Button onClick={onReject}>Reject (X)</Button>
          </div>
        </>
      )}
    </section>
  );
}

function useLint(lint: SuggestionCardProps["lint"], line: string | null): Finding[] {
  const [findings, setFindings] = useState<Finding[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another line is what asks anew
  useEffect(() => {
    let current = true;
    setFindings([]);
    if (line !== null) lint(line).then((found) => current && setFindings(found), console.error);
    return () => {
      current = false;
    };
  }, [line]);
  return findings;
}
