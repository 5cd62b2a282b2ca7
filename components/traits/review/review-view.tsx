"use client";
import dynamic from "next/dynamic";
import { Button } from "#components/ui/button.tsx";
import { Empty, ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { useVetting } from "#lib/client/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import { useTrait } from "#lib/client/trait-queries.ts";
import { useChosenExperiment } from "../use-chosen-experiment.ts";

/** Diffs, merging and the writer weigh more than a page may: fetched once there is something to review. */
const ReviewDesk = dynamic(() => import("./review-desk.tsx").then((all) => all.ReviewDesk), {
  ssr: false,
  loading: () => <Skeleton lines={12} />,
});

/** The vetted lines of a trait, one by one. */
export function ReviewView({ trait }: { trait: string }) {
  const loaded = useTrait(trait);
  const { experiment, choose, names, all, queries } = useChosenExperiment(trait);
  const vetting = useVetting(experiment, trait);

  const failed = [loaded, ...queries, vetting].find((query) => query.error && !query.data);
  if (failed) {
    return (
      <ErrorNote
        message={messageOf(failed.error)}
        action={<Button onClick={() => failed.refetch()}>Try again</Button>}
      />
    );
  }
  if (all.data && names.length === 0) {
    return (
      <Empty title="There is no experiment yet">
        Lines are reviewed once a judge has scored them, and an experiment says which judge and model that is.
      </Empty>
    );
  }
  if (!loaded.data || !vetting.data || experiment === null) return <Skeleton lines={12} />;
  return (
    <ReviewDesk
      key={`${experiment} ${loaded.data.trait}`}
      loaded={loaded.data}
      vetting={vetting.data}
      experiments={names.includes(experiment) ? names : [experiment, ...names]}
      onExperiment={choose}
    />
  );
}
