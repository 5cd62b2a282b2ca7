import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { messageOf } from "#lib/client/request.ts";
import { readTrait } from "#lib/traits/document.ts";
import type { GivenTrait } from "#lib/traits/import/given.ts";
import { formatProblem } from "#lib/traits/scenario.ts";
import { counted } from "./import-text.ts";
import type { ImportTarget } from "./target.ts";
import { nameProblem } from "./trait-name.ts";

interface TraitsReviewProps {
  given: readonly GivenTrait[];
  target: ImportTarget & { kind: "new" };
  onDone(): void;
}

interface Row extends GivenTrait {
  pairs: number;
  chosen: boolean;
  made: boolean;
  /** Why it cannot be taken. */
  problem: string | null;
}

/** Several whole traits: each is taken as it is, or not. */
export function TraitsReview({ given, target, onDone }: TraitsReviewProps) {
  const [rows, setRows] = useState(() => given.map(rowOf));
  const [busy, setBusy] = useState(false);
  const edit = (at: number, change: Partial<Row>) =>
    setRows((before) => before.map((row, place) => (place === at ? { ...row, ...change } : row)));
  const chosen = rows.filter((row) => row.chosen && !row.made);
  const problemOf = ({ name, made }: Row, at: number) => {
    if (made) return null;
    const others = rows.flatMap((row, place) => (place < at && row.chosen ? [row.name.trim()] : []));
    return nameProblem(name, [...target.taken, ...others]);
  };
  const blocked =
    busy || chosen.length === 0 || rows.some((row, at) => row.chosen && problemOf(row, at) !== null);

  const confirm = async () => {
    setBusy(true);
    const made: string[] = [];
    for (const [at, row] of rows.entries()) {
      if (!row.chosen || row.made || !row.source) continue;
      try {
        await target.create(row.name.trim(), row.source.texts);
        made.push(row.name.trim());
        edit(at, { made: true });
      } catch (error) {
        edit(at, { chosen: false, problem: messageOf(error) });
      }
    }
    setBusy(false);
    target.done(made);
    if (made.length === chosen.length) onDone();
  };

  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!blocked) void confirm();
      }}
    >
      <p className="text-sm">
        {counted(rows.length, "trait")} found. Each is taken as it is; one with problems is left out: import
        it alone to see its pairs.
      </p>
      <ul className="divide-y rounded-lg border" aria-label="Traits found">
        {rows.map((row, at) => (
          <li key={row.from} className="grid gap-x-3 gap-y-1 p-2 sm:grid-cols-[auto_1fr_14rem]">
            <input
              type="checkbox"
              className="mt-1.5 size-4 accent-accent"
              aria-label={`Import ${row.from}`}
              checked={row.chosen}
              disabled={row.problem !== null || row.made}
              onChange={(event) => edit(at, { chosen: event.target.checked })}
            />
            <div className="min-w-0 text-sm">
              <p className="break-all font-medium">{row.from}</p>
              <p className={row.problem === null ? "text-muted text-xs" : "break-words text-bad text-xs"}>
                {row.made ? "Imported" : (row.problem ?? counted(row.pairs, "pair"))}
              </p>
            </div>
            <div>
              <input
                aria-label={`Name of ${row.from}`}
                className="w-full rounded-md border bg-surface px-2 py-1 text-sm aria-invalid:border-bad"
                autoCapitalize="none"
                spellCheck={false}
                value={row.name}
                disabled={!row.chosen || row.made}
                aria-invalid={(row.chosen && problemOf(row, at) !== null) || undefined}
                aria-describedby={`import-name-${at}`}
                onChange={(event) => edit(at, { name: event.target.value })}
              />
              <p id={`import-name-${at}`} className="text-bad text-xs">
                {row.chosen && problemOf(row, at)}
              </p>
            </div>
          </li>
        ))}
      </ul>
      <div className="sticky -bottom-4 -mx-4 -mb-4 flex justify-end border-t bg-surface p-4">
        <Button look="primary" type="submit" disabled={blocked}>
          Import {counted(chosen.length, "trait")}
        </Button>
      </div>
    </form>
  );
}

function rowOf(given: GivenTrait): Row {
  const reading = given.source && readTrait(given.source.texts);
  const first = reading?.problems[0];
  const problem = given.message ?? (first ? formatProblem(first) : null);
  return { ...given, problem, pairs: reading?.pairs.length ?? 0, chosen: problem === null, made: false };
}
