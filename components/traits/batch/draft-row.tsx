import { useId } from "react";
import { Badge } from "#components/ui/badge.tsx";
import type { DraftPair } from "#lib/authoring/api.ts";
import { polarities } from "#lib/core/names.ts";
import type { Finding } from "#lib/traits/lint/finding.ts";

interface DraftRowProps {
  pair: DraftPair;
  /** Null while they are looked for. */
  findings: readonly Finding[] | null;
  checked: boolean;
  /** The one that Tab reaches. */
  current: boolean;
  onFocus(): void;
  onCheck(checked: boolean): void;
}

/** A new pair as two added lines, with what looks weak in it. */
export function DraftRow({ pair, findings, checked, current, onFocus, onCheck }: DraftRowProps) {
  const id = useId();
  return (
    <li className="scroll-my-20 rounded-md border has-checked:border-accent has-focus-visible:bg-raised">
      <label className="flex cursor-pointer items-start gap-3 p-2">
        <input
          type="checkbox"
          className="mt-1 size-4 shrink-0 scroll-my-24 accent-accent"
          checked={checked}
          tabIndex={current ? 0 : -1}
          aria-describedby={findings?.length ? id : undefined}
          onFocus={onFocus}
          onChange={(event) => onCheck(event.target.checked)}
        />
        <span className="min-w-0 flex-1">
          <DraftLines pair={pair} />
        </span>
      </label>
      {findings !== null && findings.length > 0 && (
        <ul id={id} className="space-y-1 px-2 pb-2 pl-9 text-sm">
          {findings.map(({ lint, polarity, severity, message, remedy, range }) => (
            <li key={JSON.stringify([lint, polarity, range, message])}>
              {severity === "warning" && (
                <span className="mr-1.5">
                  <Badge tone="warn">weak</Badge>
                </span>
              )}
              {polarity !== null && (
                <span
                  className={`mr-1 font-mono ${polarity === "positive" ? "text-positive" : "text-negative"}`}
                >
                  {polarity === "positive" ? "+" : "−"}
                </span>
              )}
              {message} <span className="text-muted">{remedy}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** Both lines of a pair, side by side where there is room. */
export function DraftLines({ pair }: { pair: DraftPair }) {
  return (
    <span className="grid gap-x-4 gap-y-1 font-mono text-xs sm:grid-cols-2">
      {polarities.map((side) => (
        <span key={side} className="min-w-0 whitespace-pre-wrap break-words">
          <span className={`font-semibold ${side === "positive" ? "text-positive" : "text-negative"}`}>
            {side === "positive" ? "+ " : "− "}
          </span>
          {pair[side]}
        </span>
      ))}
    </span>
  );
}
