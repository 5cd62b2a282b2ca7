import { useEffect, useRef, useState } from "react";
import { duration } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { TextField } from "#components/ui/field.tsx";
import { maxPairs, type WriterSettings } from "#lib/authoring/api.ts";
import { useNow } from "#lib/client/now.ts";
import { WriterFields } from "./writer-fields.tsx";

interface BatchFormProps {
  writer: WriterSettings;
  /** As it is typed. */
  count: string;
  wish: string;
  error: string | null;
  onWriter(change: Partial<WriterSettings>): void;
  onCount(count: string): void;
  onWish(wish: string): void;
  onSubmit(): void;
}

/** What is asked for, and of whom. */
export function BatchForm({
  writer,
  count,
  wish,
  error,
  onWriter,
  onCount,
  onWish,
  onSubmit,
}: BatchFormProps) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  return (
    <form
      ref={form}
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <div className="grid gap-3 sm:grid-cols-[1fr_9rem]">
        <TextField
          label="Wish (optional)"
          hint="What the pairs should be about, or should avoid"
          placeholder="situations at work, without names"
          maxLength={2_000}
          value={wish}
          onChange={(event) => onWish(event.target.value)}
        />
        <TextField
          label="Pairs"
          hint={`1 to ${maxPairs}`}
          type="number"
          inputMode="numeric"
          min={1}
          max={maxPairs}
          required
          value={count}
          onChange={(event) => onCount(event.target.value)}
        />
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <WriterFields writer={writer} onWriter={onWriter} />
      </div>
      {error !== null && <ErrorNote message={error} />}
      <div className="flex justify-end">
        <Button look="primary" type="submit">
          Generate
        </Button>
      </div>
    </form>
  );
}

interface BatchWorkProps {
  model: string;
  count: number;
  onCancel(): void;
}

/** While the model writes: its answer comes as a whole. */
export function BatchWork({ model, count, onCancel }: BatchWorkProps) {
  const [start] = useState(() => Date.now());
  const now = useNow(true);
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p>
        <span role="status">
          <span className="break-all font-mono text-sm">{model}</span> writes {count}{" "}
          {count === 1 ? "pair" : "pairs"} …
        </span>{" "}
        <span className="text-muted text-sm">
          {duration(Math.max(0, Math.floor((now.getTime() - start) / 1000)))}
        </span>
      </p>
      <Button ref={cancel} onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}
