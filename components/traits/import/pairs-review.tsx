import { useMemo, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { TextField } from "#components/ui/field.tsx";
import { messageOf } from "#lib/client/request.ts";
import { readTrait } from "#lib/traits/document.ts";
import { planPairs } from "#lib/traits/import/plan.ts";
import { guessChoice, type ImportSource, previewSource, type SideChoice } from "#lib/traits/import/source.ts";
import { ColumnMappingFields } from "./column-mapping.tsx";
import { ImportOptionFields } from "./import-options.tsx";
import { confirmText, sourceText, summaryText } from "./import-text.ts";
import { mappingFormOf, mappingOf } from "./mapping-form.ts";
import { type ImportOptions, outcomeOf } from "./outcome.ts";
import { PairPreview } from "./pair-preview.tsx";
import { ProblemList } from "./problem-list.tsx";
import { SideFields } from "./side-fields.tsx";
import type { ImportTarget } from "./target.ts";
import { nameProblem } from "./trait-name.ts";

interface PairsReviewProps {
  source: ImportSource;
  /** A new trait's suggested name. */
  name: string;
  target: ImportTarget;
  onDone(): void;
}

/** One source: its columns or sides, its pairs, and what becomes of them. */
export function PairsReview({ source, name: suggested, target, onDone }: PairsReviewProps) {
  const guess = useMemo(() => guessChoice(source), [source]);
  const [mapping, setMapping] = useState(() => mappingFormOf(guess.mapping));
  const [sides, setSides] = useState<SideChoice | null>(guess.sides);
  const [name, setName] = useState(suggested);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const version = target.kind === "trait" ? target.version : "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says when the texts are others
  const own = useMemo(() => (target.kind === "trait" ? target.read() : {}), [version]);
  const existing = useMemo(() => readTrait(own), [own]);
  const [options, setOptions] = useState<ImportOptions>(() => ({
    mode: "append",
    leaveOut: { exact: !(source.kind === "trait" && target.kind === "new"), similar: false },
    definition: existing.definition === null,
    steering: existing.steering === null,
  }));
  const preview = useMemo(
    () => previewSource(source, { mapping: mappingOf(mapping), sides }),
    [source, mapping, sides],
  );
  const plan = useMemo(
    () => planPairs(preview?.pairs ?? [], options.mode === "append" ? existing.pairs : [], options.leaveOut),
    [preview, existing, options],
  );
  const outcome = useMemo(() => outcomeOf(source, plan, own, options), [source, plan, own, options]);
  const problemOfName = target.kind === "new" ? nameProblem(name, target.taken) : null;
  const blocked = !preview || outcome.refusal !== null || problemOfName !== null || busy;

  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      if (target.kind === "trait") await target.apply(outcome.texts, sourceText(source));
      else {
        await target.create(name.trim(), outcome.texts);
        target.done([name.trim()]);
      }
      onDone();
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  };

  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!blocked) void confirm();
      }}
    >
      <p className="break-words font-medium text-sm">{sourceText(source)}</p>
      {source.kind === "table" && (
        <ColumnMappingFields table={source.table} form={mapping} onForm={setMapping} />
      )}
      {source.kind === "lines" && <SideFields files={source.files} sides={sides} onSides={setSides} />}
      <ProblemList problems={preview?.problems ?? (source.kind === "table" ? source.table.problems : [])} />
      {preview && plan.length > 0 && <PairPreview plan={plan} />}
      {preview && (
        <ImportOptionFields
          options={options}
          onOptions={setOptions}
          plan={plan}
          before={outcome.before}
          brings={target.kind === "trait" && source.kind === "trait" ? source.texts : {}}
          existing={existing}
        />
      )}
      {target.kind === "new" && (
        <TextField
          label="Name of the new trait"
          hint="category/trait, with a-z, 0-9, _ and -; for example mine/kindness"
          error={name === "" ? undefined : (problemOfName ?? undefined)}
          placeholder="mine/kindness"
          autoCapitalize="none"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      )}
      {error && <ErrorNote message={error} />}
      <div className="sticky -bottom-4 -mx-4 -mb-4 flex flex-wrap items-center justify-end gap-3 border-t bg-surface p-4">
        <p role="status" className="mr-auto max-w-prose text-sm">
          {preview
            ? (outcome.refusal ?? summaryText(plan, outcome, target.kind))
            : source.kind === "table"
              ? "Choose which columns hold the sides."
              : "Choose which side is which."}
        </p>
        <Button look="primary" type="submit" disabled={blocked}>
          {confirmText(outcome, options.mode, target.kind)}
        </Button>
      </div>
    </form>
  );
}
