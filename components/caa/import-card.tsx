"use client";
import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { TextField } from "#components/ui/field.tsx";
import { useImportForExtraction } from "#lib/client/caa.ts";
import { messageOf } from "#lib/client/request.ts";
import { ExtractionFields, type ExtractionWish, nameOf } from "./extraction-fields.tsx";
import { ExtractionMadeNote } from "./extraction-made.tsx";

/** A dataset from elsewhere, made a trait and an experiment. */
export function ImportCard() {
  const bring = useImportForExtraction();
  const [file, setFile] = useState<File | null>(null);
  const [personality, setPersonality] = useState("");
  const [wish, setWish] = useState<ExtractionWish>({ trait: "", experiment: "", model: "demo" });
  const named = (word: string) => {
    setPersonality(word);
    setWish((before) => ({ ...before, trait: nameOf(word), experiment: `caa-${nameOf(word)}` }));
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!file) return;
    bring.mutate({ ...wish, personality, file: file.name, text: await file.text() });
  };
  return (
    <Card
      title="Import a CAA dataset"
      hint="psyctl's JSON Lines (numbered options or whole answers) or an A/B file of CAA, known by what it holds. It becomes a trait whose answers are read, and an experiment. A persona_vectors trait is imported under Traits."
    >
      <form onSubmit={submit} className="space-y-3">
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="File"
            type="file"
            accept=".json,.jsonl"
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
          <TextField
            label="What it contrasts"
            hint="One word or a few: sycophancy"
            value={personality}
            onChange={(event) => named(event.target.value)}
            required
          />
        </div>
        <ExtractionFields wish={wish} onWish={(change) => setWish((before) => ({ ...before, ...change }))} />
        {bring.error && <ErrorNote message={messageOf(bring.error)} />}
        {bring.data && <ExtractionMadeNote made={bring.data} />}
        <Button look="primary" type="submit" disabled={!file || bring.isPending}>
          Make trait and experiment
        </Button>
      </form>
    </Card>
  );
}
