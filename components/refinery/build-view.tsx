"use client";
import { toast } from "sonner";
import { BuildFiles } from "#components/builds/build-files.tsx";
import { BuildPanel } from "#components/builds/build-panel.tsx";
import { whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import type { BuildSnapshot } from "#lib/builds/api.ts";
import { useBuild } from "#lib/client/builds.ts";
import { pairsPath, useOverview, useRefineAgain, versionOf } from "#lib/client/refinery.ts";
import { messageOf } from "#lib/client/request.ts";
import type { RefineryOverview } from "#lib/refinery/api.ts";
import { OutcomeCharts } from "./outcome-charts.tsx";
import { RecordBrowser } from "./record-browser.tsx";

/** One build: how it goes, what was accepted and why the rest was not, and its files. */
export function BuildView({ name, onDeleted }: { name: string; onDeleted(): void }) {
  const { data: build, error } = useBuild("refinery", name);
  if (error) return <ErrorNote message={messageOf(error)} />;
  if (!build) return <Skeleton lines={8} />;
  return (
    <div className="space-y-4">
      <BuildPanel build={build} onDeleted={onDeleted} />
      <Outcomes build={build} />
      <Card title="Files" hint="Written record by record; statistics and manifest at each end.">
        <BuildFiles build={build} title={(file) => fileTitles[file] ?? file} />
      </Card>
    </div>
  );
}

const fileTitles: Record<string, string> = {
  "dataset_v1.jsonl": "dataset_v1.jsonl: the accepted records",
  "dataset_v1_rejected.jsonl": "dataset_v1_rejected.jsonl: the rejected records, with reasons",
  "dataset_v1_stats.json": "dataset_v1_stats.json: statistics",
  "dataset_v1_manifest.json": "dataset_v1_manifest.json: inputs, settings and hashes",
};

function Outcomes({ build }: { build: BuildSnapshot }) {
  const { data, error } = useOverview(build.name, versionOf(build));
  if (error) return <ErrorNote message={messageOf(error)} />;
  if (!data) return <Skeleton lines={4} />;
  return (
    <>
      <OutcomeCharts build={build.name} overview={data} />
      <Further build={build} overview={data} />
      <RecordBrowser build={build} overview={data} />
    </>
  );
}

function Further({ build, overview }: { build: BuildSnapshot; overview: RefineryOverview }) {
  const again = useRefineAgain(build.name);
  const { left, has_pairs } = overview;
  const more = build.state === "done" && left > 0;
  if (!more && !has_pairs) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {more && (
        <Button
          disabled={again.isPending}
          onClick={() => again.mutate(null, { onError: (failure) => toast.error(messageOf(failure)) })}
        >
          Go on with the other {whole(left)} records
        </Button>
      )}
      {has_pairs && (
        <Button asChild>
          <a href={pairsPath(build.name)} download>
            Download the accepted pairs, to import as a trait
          </a>
        </Button>
      )}
    </div>
  );
}
