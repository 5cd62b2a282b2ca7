"use client";
import { parseAsString, useQueryState } from "nuqs";
import { BuildList } from "#components/builds/build-list.tsx";
import { Button } from "#components/ui/button.tsx";
import { Empty } from "#components/ui/empty.tsx";
import { BuildView } from "./build-view.tsx";
import { NewBuild } from "./new-build.tsx";

/** Every training set that was refined here, and the way to the next. */
export function RefineryView() {
  const [build, setBuild] = useQueryState("build", parseAsString);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
      <div className="grid gap-3">
        <div>
          <Button look="primary" onClick={() => setBuild(null)}>
            New build
          </Button>
        </div>
        <BuildList kind="refinery" chosen={build} onChoose={setBuild} onGone={() => setBuild(null)}>
          <Empty title="No builds yet">
            The Refinery turns a plan into a training set: a teacher drafts each record, criticises it and
            rewrites it; gates accept it, or tell why not.
          </Empty>
        </BuildList>
      </div>
      <div className="min-w-0">
        {build === null ? (
          <NewBuild onStarted={setBuild} />
        ) : (
          <BuildView key={build} name={build} onDeleted={() => setBuild(null)} />
        )}
      </div>
    </div>
  );
}
