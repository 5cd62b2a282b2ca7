"use client";
import { parseAsString, useQueryStates } from "nuqs";
import { NoResults } from "#components/shell/no-results.tsx";
import { Button } from "#components/ui/button.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { SelectField } from "#components/ui/field.tsx";
import { useExperiment } from "#lib/client/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import { useSteering } from "#lib/client/result-queries.ts";
import { AppError } from "#lib/core/errors.ts";
import { unique } from "#lib/pipeline/steering-view.ts";
import { SteeringResults } from "./steering-results.tsx";

/** Does the vector cause the behaviour, or only go with it? */
export function SteeringView({ experiment }: { experiment: string }) {
  const [{ trait: wanted }, setView] = useQueryStates({ trait: parseAsString });
  const { data, error, isPending } = useExperiment(experiment);
  if (isPending) return <Skeleton lines={8} />;
  if (error) return <ErrorNote message={messageOf(error)} />;
  const traits = data.plan.traits
    .filter(({ stages }) =>
      stages.some(({ stage, state }) => stage === "steer" && ["done", "stale", "imported"].includes(state)),
    )
    .map(({ trait }) => trait);
  const trait = wanted ?? traits[0] ?? null;
  if (trait === null) return <NoSteering experiment={experiment} />;
  return (
    <div className="space-y-4">
      <SelectField
        label="Trait"
        className="sm:max-w-xs"
        value={trait}
        onChange={(event) => setView({ trait: event.target.value })}
      >
        {unique([...traits, trait]).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </SelectField>
      <TraitSteering key={trait} experiment={experiment} trait={trait} />
    </div>
  );
}

function NoSteering({ experiment }: { experiment: string }) {
  return (
    <NoResults experiment={experiment} title="Not steered yet">
      The Steer stage adds each vector while the model answers, and lets the judge compare with unsteered
      answers and with random vectors of the same length.
    </NoResults>
  );
}

function TraitSteering({ experiment, trait }: { experiment: string; trait: string }) {
  const { data, error, isPending, refetch } = useSteering(experiment, trait);
  if (isPending) return <Skeleton lines={8} />;
  if (error) {
    if (AppError.from(error).code === "not-found") return <NoSteering experiment={experiment} />;
    return (
      <ErrorNote message={messageOf(error)} action={<Button onClick={() => refetch()}>Try again</Button>} />
    );
  }
  return <SteeringResults experiment={experiment} trait={trait} file={data} />;
}
