"use client";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { whole } from "#components/format.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { SelectField, TextField } from "#components/ui/field.tsx";
import type { DatasetSummary, Outcome, PersonaRecord } from "#lib/caa/records.ts";
import { useOutcomes } from "#lib/client/caa.ts";
import { messageOf } from "#lib/client/request.ts";
import { useSettled } from "#lib/client/settled.ts";

const PAGE = 20;
const kinds = ["sample", "rejected", "failed"] as const;
const kindNames = { sample: "samples", rejected: "left out", failed: "failed" };

interface OutcomeBrowserProps {
  build: string;
  dataset: DatasetSummary;
}

/** What became of every situation, with both reactions and what the characters were told. */
export function OutcomeBrowser({ build, dataset }: OutcomeBrowserProps) {
  const [query, setQuery] = useQueryStates({
    show: parseAsStringLiteral(kinds).withDefault("sample"),
    search: parseAsString.withDefault(""),
    page: parseAsInteger.withDefault(1),
  });
  const search = useSettled(query.search, 300);
  const counts = {
    sample: dataset.samples,
    rejected: Object.values(dataset.rejected).reduce((sum, count) => sum + count, 0),
    failed: dataset.failed,
  };
  const offset = Math.max(0, query.page - 1) * PAGE;
  const { data, error, isPlaceholderData } = useOutcomes(
    build,
    { work: dataset.work, kind: query.show, search, offset, limit: PAGE },
    counts[query.show],
  );
  return (
    <Card title="Results">
      <div className="mb-3 grid gap-3 sm:max-w-xl sm:grid-cols-2">
        <SelectField
          label="Show"
          value={query.show}
          onChange={(event) => setQuery({ show: event.target.value as (typeof kinds)[number], page: 1 })}
        >
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {kindNames[kind]} ({whole(counts[kind])})
            </option>
          ))}
        </SelectField>
        <TextField
          label="With this text"
          type="search"
          value={query.search}
          onChange={(event) => setQuery({ search: event.target.value, page: 1 })}
        />
      </div>
      {error && <ErrorNote message={messageOf(error)} />}
      {!error && !data && <Skeleton lines={6} />}
      {data && (
        <div aria-busy={isPlaceholderData} className="transition-opacity delay-300 aria-busy:opacity-60">
          <p role="status" className="text-muted text-sm">
            {data.total === 0
              ? "None."
              : `${whole(offset + 1)} to ${whole(Math.min(offset + PAGE, data.total))} of ${whole(data.total)}`}
          </p>
          <ol className="divide-y">
            {data.outcomes.map((outcome) => (
              <OutcomeItem key={outcome.row} outcome={outcome} personas={data.personas} />
            ))}
          </ol>
          <div className="mt-3 flex gap-2">
            <Button disabled={query.page <= 1} onClick={() => setQuery({ page: query.page - 1 })}>
              Previous
            </Button>
            <Button disabled={offset + PAGE >= data.total} onClick={() => setQuery({ page: query.page + 1 })}>
              Next
            </Button>
          </div>
        </div>
      )}
    </Card>
  );
}

interface OutcomeItemProps {
  outcome: Outcome;
  personas: readonly PersonaRecord[];
}

function OutcomeItem({ outcome, personas }: OutcomeItemProps) {
  const { scenario, row } = outcome;
  const told = personas.filter(({ name }) => name === null || name === scenario?.name);
  return (
    <li className="py-3 text-sm">
      <p className="mb-1 flex flex-wrap items-center gap-2">
        <span className="text-muted tabular-nums">Row {row}</span>
        {scenario && <span className="font-medium">{scenario.name}</span>}
        {outcome.kind === "rejected" && <Badge tone="warn">{outcome.reason}</Badge>}
      </p>
      {scenario && <p className="font-mono">{scenario.situation}</p>}
      {scenario?.question && <p className="font-mono">{scenario.question}</p>}
      {outcome.kind === "failed" && <p className="text-bad">{outcome.error.userMessage}</p>}
      {outcome.kind === "rejected" && <p className="text-muted">{outcome.details}</p>}
      {outcome.kind !== "failed" && (
        <dl className="mt-1 grid gap-2 md:grid-cols-2">
          <Reaction
            mark="+"
            name="with the personality"
            text={outcome.positive}
            first={firstOf(outcome) === "positive"}
          />
          <Reaction mark="−" name="without" text={outcome.neutral} first={firstOf(outcome) === "neutral"} />
        </dl>
      )}
      {told.length > 0 && (
        <details className="mt-1">
          <summary className="cursor-pointer text-muted text-xs">What they were told</summary>
          <ul className="mt-1 space-y-1 text-xs">
            {told.map(({ role, text, origin }) => (
              <li key={role}>
                <span className="text-muted">
                  {role} ({originNames[origin]}):
                </span>{" "}
                {text}
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

const originNames: Record<PersonaRecord["origin"], string> = {
  asked: "the teacher's",
  file: "from Tiller's list",
  composed: "made of the word",
};

function firstOf(outcome: Outcome): "positive" | "neutral" | null {
  return outcome.kind === "sample" ? outcome.first : null;
}

interface ReactionProps {
  mark: string;
  name: string;
  text: string | null;
  first: boolean;
}

function Reaction({ mark, name, text, first }: ReactionProps) {
  if (text === null) return null;
  return (
    <div className={mark === "+" ? "border-positive border-l-2 pl-2" : "border-negative border-l-2 pl-2"}>
      <dt className="text-muted text-xs">
        <span aria-hidden>{mark}</span> {name}
        {first && " · option 1"}
      </dt>
      <dd className="font-mono">{text}</dd>
    </div>
  );
}
