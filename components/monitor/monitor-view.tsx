"use client";
import { Plus } from "lucide-react";
import { createParser, parseAsNativeArrayOf, parseAsString, useQueryStates } from "nuqs";
import { useState } from "react";
import { firstVector, modelOf } from "#components/steer/choices.ts";
import { VectorPick } from "#components/steer/vector-pick.tsx";
import { WithSteerables } from "#components/steer/with-steerables.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Empty, ErrorNote } from "#components/ui/empty.tsx";
import { SelectField } from "#components/ui/field.tsx";
import type { Steerables } from "#lib/chat/api.ts";
import { formatVectorName, parseVectorName, type VectorName } from "#lib/chat/steering-choice.ts";
import { useProjections } from "#lib/client/chat/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import { MonitorResults, type Reading } from "./results.tsx";
import { TextSource } from "./text-source.tsx";
import type { MonitoredText } from "./texts.ts";

const vectorName = createParser<VectorName>({
  parse(text) {
    try {
      return parseVectorName(text);
    } catch {
      return null;
    }
  },
  serialize: formatVectorName,
});

/** Any text or dataset on any vectors: how far it leans which way, token by token. */
export function MonitorView() {
  return (
    <WithSteerables purpose="any text can then be projected on its vectors here">
      {(all) => <Monitor all={all} />}
    </WithSteerables>
  );
}

function Monitor({ all }: { all: Steerables }) {
  const [url, setUrl] = useQueryStates({
    v: parseAsNativeArrayOf(vectorName).withDefault([]),
    model: parseAsString,
  });
  const first = firstVector(all);
  const vectors = url.v.length > 0 ? url.v : first ? [nameOf(first)] : [];
  const model = modelOf(all, url.model, vectors);
  const [texts, setTexts] = useState<MonitoredText[]>([]);
  const [reading, setReading] = useState<Reading | null>(null);
  const projecting = useProjections();
  const read = () =>
    projecting.mutate(
      { model, vectors, rows: texts.map(({ text }) => ({ text })) },
      { onSuccess: ({ rows }) => setReading({ vectors, texts, rows }) },
    );
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[22rem_minmax(0,1fr)]">
      <div className="grid gap-4">
        <Card
          title="Vectors"
          actions={
            <Button
              disabled={vectors.length >= 8}
              onClick={() => setUrl({ v: [...vectors, ...vectors.slice(-1)] })}
            >
              <Plus size={14} aria-hidden /> Add
            </Button>
          }
        >
          <div className="grid gap-3">
            {vectors.map((vector, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a vector may be chosen twice; its place is what it is
              <fieldset key={place} className="grid gap-3 rounded-md border p-3">
                <legend className="px-1 font-medium text-sm">Vector {place + 1}</legend>
                <VectorPick
                  vector={vector}
                  all={all}
                  onChange={(next) => setUrl({ v: vectors.with(place, next) })}
                />
                {vectors.length > 1 && (
                  <Button
                    look="quiet"
                    aria-label={`Remove vector ${place + 1}`}
                    onClick={() => setUrl({ v: vectors.filter((_, at) => at !== place) })}
                  >
                    Remove
                  </Button>
                )}
              </fieldset>
            ))}
            <SelectField
              label="Model that reads"
              hint="Unsteered; its width must be the vectors'."
              value={model}
              onChange={(event) => setUrl({ model: event.target.value })}
            >
              {all.models.map(({ id, label }) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </SelectField>
          </div>
        </Card>
        <TextSource onTexts={setTexts} />
        <Button look="primary" disabled={texts.length === 0 || projecting.isPending} onClick={read}>
          {projecting.isPending
            ? "Reading …"
            : `Project ${texts.length} ${texts.length === 1 ? "text" : "texts"}`}
        </Button>
        {projecting.error && <ErrorNote message={messageOf(projecting.error)} />}
      </div>
      {reading ? (
        <MonitorResults reading={reading} />
      ) : (
        <Empty title="Nothing read yet">
          Write or open texts and project them: every text then has its mean on each vector, every token its
          own value.
        </Empty>
      )}
    </div>
  );
}

function nameOf({ experiment, trait, method, layer }: VectorName): VectorName {
  return { experiment, trait, method, layer };
}
