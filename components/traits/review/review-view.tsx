"use client";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { Button } from "#components/ui/button.tsx";
import { Empty, ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { useExperiments, useVetting } from "#lib/client/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import { useTrait, useTraits } from "#lib/client/trait-queries.ts";
import { ReviewDesk } from "./review-desk.tsx";

/** The vetted lines of a trait, one by one. */
export function ReviewView({ trait }: { trait: string }) {
  const [asked, setAsked] = useQueryState("experiment", parseAsString);
  const loaded = useTrait(trait);
  const traits = useTraits();
  const experiments = useExperiments();
  const names = (experiments.data?.experiments ?? [])
    .filter((each) => each.traits.includes(trait))
    .map(({ name }) => name);
  const vettedIn = traits.data?.find((each) => each.trait === trait)?.vetting?.experiment;
  // The list of experiments plans each of them: only a trait that none has vetted waits for it.
  const chosen = asked ?? vettedIn ?? (traits.data && names[0]) ?? null;
  const known = traits.data && experiments.data;
  const vetting = useVetting(chosen, trait);

  const needed = chosen === null ? [loaded, traits, experiments] : [loaded, vetting];
  const failed = needed.find((query) => query.error && !query.data);
  if (failed) {
    return (
      <ErrorNote
        message={messageOf(failed.error)}
        action={<Button onClick={() => failed.refetch()}>Try again</Button>}
      />
    );
  }
  if (known && chosen === null) {
    return (
      <Empty
        title="No experiment has this trait"
        action={
          <Button asChild>
            <Link href={`/traits/${trait}`}>Back to the editor</Link>
          </Button>
        }
      >
        Lines are reviewed once a judge has scored them, and an experiment says which judge and model that is.
        Add {trait} to one first.
      </Empty>
    );
  }
  if (!loaded.data || !vetting.data || chosen === null) return <Skeleton lines={12} />;
  return (
    <ReviewDesk
      key={`${chosen} ${loaded.data.trait}`}
      loaded={loaded.data}
      vetting={vetting.data}
      experiments={names.includes(chosen) ? names : [chosen, ...names]}
      onExperiment={setAsked}
    />
  );
}
