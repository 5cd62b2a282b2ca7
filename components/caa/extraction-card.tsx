"use client";
import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import type { DatasetSummary } from "#lib/caa/records.ts";
import { useForExtraction } from "#lib/client/caa.ts";
import { messageOf } from "#lib/client/request.ts";
import { ExtractionFields, type ExtractionWish, nameOf } from "./extraction-fields.tsx";
import { ExtractionMadeNote } from "./extraction-made.tsx";

interface ExtractionCardProps {
  build: string;
  dataset: DatasetSummary;
}

/** Makes a trait and an experiment of the dataset: stage 3 reads the answer's token, vectors and steering follow. */
export function ExtractionCard({ build, dataset }: ExtractionCardProps) {
  const word = nameOf(dataset.personality || build);
  const [wish, setWish] = useState<ExtractionWish>({
    trait: word,
    experiment: `caa-${build}`,
    model: "demo",
  });
  const use = useForExtraction(build);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    use.mutate({ ...wish, file: dataset.file });
  };
  return (
    <Card
      title="Use for extraction"
      hint="Both sides of a pair are the same question, each answered by one option's number. The hidden states of that token give the vectors; nothing is generated or judged for them. A fifth of the situations, 20 at most, is kept for steering."
    >
      <form onSubmit={submit} className="space-y-3">
        <ExtractionFields wish={wish} onWish={(change) => setWish((before) => ({ ...before, ...change }))} />
        {use.error && <ErrorNote message={messageOf(use.error)} />}
        {use.data && <ExtractionMadeNote made={use.data} />}
        <Button look="primary" type="submit" disabled={use.isPending || dataset.samples < 2}>
          Make trait and experiment
        </Button>
      </form>
    </Card>
  );
}
