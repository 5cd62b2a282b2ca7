"use client";
import { parseAsString, useQueryState } from "nuqs";
import { BuildFiles } from "#components/builds/build-files.tsx";
import { BuildPanel } from "#components/builds/build-panel.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { SelectField } from "#components/ui/field.tsx";
import type { BuildSnapshot } from "#lib/builds/api.ts";
import { useBuild } from "#lib/client/builds.ts";
import { useDatasets } from "#lib/client/caa.ts";
import { messageOf } from "#lib/client/request.ts";
import { DatasetCard } from "./dataset-card.tsx";
import { ExtractionCard } from "./extraction-card.tsx";
import { OutcomeBrowser } from "./outcome-browser.tsx";

/** One build: how it goes, what it made, and where that leads. */
export function DatasetView({ name, onDeleted }: { name: string; onDeleted(): void }) {
  const { data: build, error } = useBuild("caa", name);
  if (error) return <ErrorNote message={messageOf(error)} />;
  if (!build) return <Skeleton lines={8} />;
  return (
    <div className="space-y-4">
      <BuildPanel build={build} onDeleted={onDeleted} />
      <Datasets build={build} />
      <Card title="Files" hint="Written line by line; the checkpoint and the working file let a build go on.">
        <BuildFiles build={build} />
      </Card>
    </div>
  );
}

function Datasets({ build }: { build: BuildSnapshot }) {
  const { data, error } = useDatasets(build);
  const [file, setFile] = useQueryState("file", parseAsString);
  if (error) return <ErrorNote message={messageOf(error)} />;
  if (!data) return <Skeleton lines={4} />;
  const { datasets } = data;
  const shown = datasets.find((dataset) => dataset.file === file) ?? datasets[0];
  if (!shown) return null;
  return (
    <>
      {datasets.length > 1 && (
        <SelectField
          label="Dataset"
          className="max-w-sm"
          value={shown.file}
          onChange={(event) => setFile(event.target.value)}
        >
          {datasets.map((dataset) => (
            <option key={dataset.file} value={dataset.file}>
              {dataset.personality || dataset.file}
            </option>
          ))}
        </SelectField>
      )}
      <DatasetCard build={build.name} dataset={shown} />
      <OutcomeBrowser key={shown.work} build={build.name} dataset={shown} />
      <ExtractionCard key={`${shown.file} extraction`} build={build.name} dataset={shown} />
    </>
  );
}
