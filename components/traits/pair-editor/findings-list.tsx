"use client";
import { useState } from "react";
import { whole } from "#components/format.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import type { Polarity } from "#lib/core/names.ts";
import type { Finding } from "#lib/traits/lint/finding.ts";
import type { FindingFix } from "./pair-editor.ts";

const SHOWN = 40;

interface FindingsListProps {
  /** Findings, of each lint at most some, and how many there are; null while the first pass is under way. */
  found: { findings: Finding[]; counts: Record<string, number> } | null;
  onGo(side: Polarity, line: number, column: number): void;
  fix: FindingFix | undefined;
}

/** What looks weak, in words: the same as the editor's marks, and what concerns a side or the whole trait. */
export function FindingsList({ found, onGo, fix }: FindingsListProps) {
  const [lint, setLint] = useState<string | null>(null);
  const [shown, setShown] = useState(SHOWN);
  if (found === null) return <p className="text-muted text-sm">Looking through the lines …</p>;
  const { findings, counts } = found;
  if (findings.length === 0) return <p className="text-muted text-sm">Nothing looks weak.</p>;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const chosen = lint !== null && lint in counts ? lint : null;
  const listed = chosen === null ? findings : findings.filter(({ lint: id }) => id === chosen);
  const more = (chosen === null ? all : (counts[chosen] ?? 0)) - listed.length;
  return (
    <>
      <div role="toolbar" aria-label="Show findings" className="mb-3 flex flex-wrap gap-1.5">
        <Filter name="all" count={all} pressed={chosen === null} onPress={() => setLint(null)} />
        {Object.entries(counts).map(([id, count]) => (
          <Filter
            key={id}
            name={id.replaceAll("-", " ")}
            count={count}
            pressed={id === chosen}
            onPress={() => setLint(id)}
          />
        ))}
      </div>
      <ul className="divide-y">
        {listed.slice(0, shown).map((finding) => (
          <FindingRow key={keyOf(finding)} finding={finding} onGo={onGo} fix={fix} />
        ))}
      </ul>
      {listed.length > shown && (
        <Button className="mt-2" onClick={() => setShown(shown + 200)}>
          Show more of {whole(listed.length)}
        </Button>
      )}
      {more > 0 && (
        <p className="mt-2 text-muted text-sm">
          {whole(more)} more are neither listed nor marked: mend some of these, and they follow.
        </p>
      )}
    </>
  );
}

function keyOf({ lint, polarity, line, range, message }: Finding): string {
  return JSON.stringify([lint, polarity, line, range, message]);
}

interface FilterProps {
  name: string;
  count: number;
  pressed: boolean;
  onPress(): void;
}

function Filter({ name, count, pressed, onPress }: FilterProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className="rounded-full border px-2.5 py-0.5 text-xs hover:bg-raised aria-pressed:border-accent aria-pressed:text-accent"
    >
      {name} {whole(count)}
    </button>
  );
}

function FindingRow({ finding, onGo, fix }: { finding: Finding } & Pick<FindingsListProps, "onGo" | "fix">) {
  const { lint, polarity, line, severity, message, remedy, range } = finding;
  const place =
    polarity === null ? "trait" : `${polarity === "positive" ? "+" : "−"}${line === null ? "" : ` ${line}`}`;
  return (
    <li className="grid grid-cols-[3.75rem_1fr] items-baseline gap-2 py-1.5 text-sm">
      {polarity !== null && line !== null ? (
        <button
          type="button"
          className={`justify-self-start font-mono underline underline-offset-2 ${polarity === "positive" ? "text-positive" : "text-negative"}`}
          aria-label={`Go to ${polarity} line ${line}`}
          onClick={() => onGo(polarity, line, range?.start ?? 0)}
        >
          {place}
        </button>
      ) : (
        <span className="font-mono text-muted">{place}</span>
      )}
      <p className="min-w-0">
        {severity === "warning" && (
          <span className="mr-1.5">
            <Badge tone="warn">weak</Badge>
          </span>
        )}
        {message} <span className="text-muted">{remedy}</span>
        {fix?.lint === lint && polarity !== null && line !== null && (
          <Button className="ml-2" onClick={() => fix.apply(polarity, line)}>
            {fix.name}
          </Button>
        )}
      </p>
    </li>
  );
}
