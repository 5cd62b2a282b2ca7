import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { dollars, whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import type { BatchResponse, DraftPair } from "#lib/authoring/api.ts";
import type { TraitTexts } from "#lib/traits/document.ts";
import { DraftLines, DraftRow } from "./draft-row.tsx";
import { useDraftFindings } from "./use-draft-findings.ts";

interface PairChoiceProps {
  trait: string;
  batch: BatchResponse;
  texts(): TraitTexts;
  /** Back to what is asked for. */
  onAgain(): void;
  onAdd(pairs: DraftPair[]): void;
}

const steps: Record<string, number> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/** What a model wrote, pair by pair, to be accepted or not. */
export function PairChoice({ trait, batch, texts, onAgain, onAdd }: PairChoiceProps) {
  const { pairs, dropped } = batch;
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [current, setCurrent] = useState(0);
  const [began] = useState(texts);
  const findings = useDraftFindings(trait, began, pairs);
  const form = useRef<HTMLFormElement>(null);
  const again = useRef<HTMLButtonElement>(null);

  const boxes = () => form.current?.querySelectorAll<HTMLInputElement>("input[type=checkbox]") ?? [];
  useEffect(() => {
    const [first] = form.current?.querySelectorAll<HTMLInputElement>("input[type=checkbox]") ?? [];
    (first ?? again.current)?.focus();
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = steps[event.key];
    if (step !== undefined) boxes()[Math.min(Math.max(current + step, 0), pairs.length - 1)]?.focus();
    else if (event.key === "a") setChosen(new Set(pairs.keys()));
    else if (event.key === "n") setChosen(new Set());
    else return;
    event.preventDefault();
  };

  return (
    <form
      ref={form}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen.size > 0) onAdd(pairs.filter((_, at) => chosen.has(at)));
      }}
    >
      <p className="mb-3 text-muted text-sm">
        {whole(pairs.length)} new {pairs.length === 1 ? "pair" : "pairs"}
        {dropped.length > 0 && `, ${whole(dropped.length)} left out`}. {spentOf(batch)}
      </p>
      {pairs.length > 0 && (
        <p className="mb-3 text-sm">
          <Key>J</Key> <Key>K</Key> or arrows move, <Key>Space</Key> chooses, <Key>A</Key> all, <Key>N</Key>{" "}
          none, <Key>Enter</Key> adds what is chosen.
        </p>
      )}
      <ul aria-label="New pairs" className="space-y-2">
        {pairs.map((pair, at) => (
          <DraftRow
            // biome-ignore lint/suspicious/noArrayIndexKey: the pairs never change places
            key={at}
            pair={pair}
            findings={findings[at] ?? null}
            checked={chosen.has(at)}
            current={at === current}
            onFocus={() => setCurrent(at)}
            onCheck={(checked) => {
              const next = new Set(chosen);
              if (checked) next.add(at);
              else next.delete(at);
              setChosen(next);
            }}
          />
        ))}
      </ul>
      {dropped.length > 0 && (
        <details className="mt-3 rounded-md border p-2" open={pairs.length === 0 || undefined}>
          <summary className="text-sm">
            {whole(dropped.length)} left out: duplicates, or lines that cannot be used
          </summary>
          <ul aria-label="Left out" className="mt-2 space-y-2">
            {dropped.map(({ pair, reason }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the pairs never change places
              <li key={at} className="text-sm">
                <p>{reason}</p>
                <div className="text-muted">
                  <DraftLines pair={pair} />
                </div>
              </li>
            ))}
          </ul>
        </details>
      )}
      <div className="sticky bottom-0 -mx-4 mt-4 -mb-4 flex flex-wrap items-center justify-end gap-2 border-t bg-surface p-4">
        <Button ref={again} onClick={onAgain}>
          Ask again
        </Button>
        <Button look="primary" type="submit" disabled={chosen.size === 0}>
          Add {whole(chosen.size)} {chosen.size === 1 ? "pair" : "pairs"}
        </Button>
      </div>
    </form>
  );
}

function spentOf({ usage, cost_usd: cost }: BatchResponse): string {
  const tokens = usage && `${whole(usage.prompt_tokens + usage.completion_tokens)} tokens`;
  return [tokens, dollars(cost)].filter(Boolean).join(", ");
}

function Key({ children }: { children: string }) {
  return <kbd className="rounded border bg-raised px-1.5 py-0.5 font-mono text-xs">{children}</kbd>;
}
