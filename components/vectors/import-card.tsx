"use client";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { TextField } from "#components/ui/field.tsx";
import { messageOf } from "#lib/client/request.ts";
import { useImportVectors } from "#lib/client/vector-queries.ts";

interface ImportCardProps {
  experiment: string;
  trait: string;
  onMade(method: string): void;
}

/** Vectors of a file, put beside the trait's own. */
export function ImportCard({ experiment, trait, onMade }: ImportCardProps) {
  const bring = useImportVectors(experiment);
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState("");
  const [layer, setLayer] = useState("");

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!file) return;
    const body = new Uint8Array(await file.arrayBuffer());
    const query = new URLSearchParams({ trait, name, file: file.name, ...(layer ? { layer } : {}) });
    bring.mutate(
      { query, body },
      {
        onSuccess: (made) => {
          toast.success(`${made.method}: vectors of layers ${made.layers.join(", ")}`);
          setName("");
          onMade(made.method);
        },
      },
    );
  };

  return (
    <Card
      title="Import vectors"
      hint={`A safetensors, .pt, GGUF control vector, .svec, Neuronpedia or CSV file, put beside the vectors of ${trait} and tested on its held-out rows. Layer L is the output of block L, from 0.`}
    >
      <form onSubmit={submit} className="space-y-3">
        <div className="grid gap-3 sm:max-w-3xl sm:grid-cols-3">
          <TextField
            label="File"
            type="file"
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
          <TextField
            label="Name of the vectors"
            hint="a-z, 0-9, _ and -"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <TextField
            label="Layer"
            hint="Only where the file holds one vector and does not say whose"
            inputMode="numeric"
            value={layer}
            onChange={(event) => setLayer(event.target.value)}
          />
        </div>
        {bring.error && <ErrorNote message={messageOf(bring.error)} />}
        <Button type="submit" look="primary" disabled={!file || name === "" || bring.isPending}>
          Import
        </Button>
      </form>
    </Card>
  );
}
