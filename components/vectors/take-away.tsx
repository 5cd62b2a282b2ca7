"use client";
import { Download } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { SelectField } from "#components/ui/field.tsx";
import { messageOf } from "#lib/client/request.ts";
import { useVectorExport, vectorExportPath } from "#lib/client/vector-queries.ts";
import {
  type VectorFormatName,
  vectorFormatNames,
  vectorFormatTitles,
} from "#lib/formats/vectors/format-names.ts";

interface TakeAwayProps {
  experiment: string;
  trait: string;
  method: string;
  layer: number;
}

/** The chosen vector, or its method at every layer, as a file of another tool. */
export function TakeAway({ experiment, trait, method, layer }: TakeAwayProps) {
  const [format, setFormat] = useState<VectorFormatName>("safetensors");
  const [all, setAll] = useState(true);
  const query = new URLSearchParams({ trait, method, format, ...(all ? {} : { layers: String(layer) }) });
  const { data, error } = useVectorExport(experiment, query);
  return (
    <Card
      title="Take it away"
      hint="Unit vectors; the lines to copy use the coefficient that steering found best, 1 where it did not try the method."
    >
      <div className="grid gap-3 sm:max-w-2xl sm:grid-cols-2">
        <SelectField
          label="Format"
          value={format}
          onChange={(event) =>
            setFormat(vectorFormatNames.find((name) => name === event.target.value) ?? format)
          }
        >
          {vectorFormatNames.map((name) => (
            <option key={name} value={name}>
              {vectorFormatTitles[name]}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="Layers"
          value={all ? "all" : "one"}
          onChange={(event) => setAll(event.target.value === "all")}
        >
          <option value="all">every layer</option>
          <option value="one">layer {layer} alone</option>
        </SelectField>
      </div>
      {error && (
        <div className="mt-3">
          <ErrorNote message={messageOf(error)} />
        </div>
      )}
      {!data && !error && <Skeleton lines={4} />}
      {data && (
        <div className="mt-3 space-y-3">
          <p className="text-muted text-sm">{data.convention}.</p>
          <Copyable what="code" text={data.usage} />
          <Button asChild look="primary">
            <a href={vectorExportPath(experiment, query)} download>
              <Download size={14} aria-hidden /> Download {namesOf(data.files)}
            </a>
          </Button>
        </div>
      )}
    </Card>
  );
}

function namesOf(files: readonly { name: string; bytes: number }[]): string {
  const [only] = files;
  const size = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const kilobytes = `${Math.max(1, Math.round(size / 1024))} KB`;
  return files.length === 1
    ? `${only?.name} (${kilobytes})`
    : `${files.length} files as a zip (${kilobytes})`;
}
