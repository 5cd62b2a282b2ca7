"use client";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { BuildList } from "#components/builds/build-list.tsx";
import { Button } from "#components/ui/button.tsx";
import { Empty } from "#components/ui/empty.tsx";
import { DatasetView } from "./dataset-view.tsx";
import { ImportCard } from "./import-card.tsx";
import { NewDataset } from "./new-dataset.tsx";

/** Every CAA dataset that was built here, and the way to the next. */
export function CaaView() {
  const [build, setBuild] = useQueryState("build", parseAsString);
  const [making, setMaking] = useState<"new" | "import" | null>(null);
  const choose = (name: string) => {
    setMaking(null);
    void setBuild(name);
  };
  const make = (what: "new" | "import") => {
    setMaking(what);
    void setBuild(null);
  };
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
      <div className="grid gap-3">
        <div className="flex flex-wrap gap-2">
          <Button look="primary" onClick={() => make("new")}>
            New dataset
          </Button>
          <Button onClick={() => make("import")}>Import a file</Button>
        </div>
        <BuildList kind="caa" chosen={build} onChoose={choose} onGone={() => setBuild(null)}>
          <Empty title="No datasets yet">
            A CAA dataset asks what a character would do and gives two options: one shows the personality, one
            does not. The hidden states of the answer&apos;s token then tell the personality&apos;s direction.
          </Empty>
        </BuildList>
      </div>
      <div className="min-w-0">
        {build !== null && <DatasetView key={build} name={build} onDeleted={() => setBuild(null)} />}
        {build === null && making !== "import" && <NewDataset onStarted={choose} />}
        {build === null && making === "import" && <ImportCard />}
      </div>
    </div>
  );
}
