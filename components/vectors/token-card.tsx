"use client";
import { parseAsInteger, useQueryState } from "nuqs";
import { ColouredText, ColourKey, reachOf } from "#components/tokens/coloured-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { messageOf } from "#lib/client/request.ts";
import { useTokenView } from "#lib/client/vector-queries.ts";

interface TokenCardProps {
  experiment: string;
  /** trait, method, layer and where they lie, as its route takes them. */
  query: URLSearchParams;
  trait: string;
  layer: number;
}

const PAGE = 5;
const signs = { positive: "+", negative: "−" } as const;

/** Where in a text the vector lights up: real responses of both sides, every token by its own projection. */
export function TokenCard({ experiment, query, trait, layer }: TokenCardProps) {
  const [from, setFrom] = useQueryState("responses", parseAsInteger);
  const { data, error } = useTokenView(experiment, query, from);
  const what = `projection on ${trait}, layer ${layer}`;
  const reach = reachOf(data?.rows.flatMap(({ projections, prompt }) => projections.slice(prompt)) ?? []);
  const most = Math.max(data?.totals.positive ?? 0, data?.totals.negative ?? 0);
  return (
    <Card
      title="Tokens of real responses"
      hint="As the extraction model reads them: each token's state on the unit vector."
      actions={
        from !== null && (
          <>
            <Button disabled={from === 0} onClick={() => setFrom(Math.max(0, from - PAGE))}>
              Previous
            </Button>
            <Button disabled={from + PAGE >= most} onClick={() => setFrom(from + PAGE)}>
              Next
            </Button>
          </>
        )
      }
    >
      {from === null && (
        <Button onClick={() => setFrom(0)}>Read the first {PAGE} responses of each side</Button>
      )}
      {error && <ErrorNote message={messageOf(error)} />}
      {from !== null && !data && !error && <Skeleton lines={6} />}
      {data && (
        <>
          <ColourKey reach={reach} what={what} />
          <ol className="mt-2 divide-y" aria-label="Responses by token">
            {data.rows.map(({ side, index, question, tokens, prompt, projections }) => (
              <li key={`${side} ${index}`} className="grid gap-1 py-2">
                <p className="text-muted text-xs">
                  {signs[side]} {side}, line {index + 1}: <span className="font-mono">{question}</span>
                </p>
                <ColouredText
                  tokens={tokens.slice(prompt)}
                  values={projections.slice(prompt)}
                  reach={reach}
                  what={what}
                />
              </li>
            ))}
          </ol>
          <p className="text-muted text-xs">
            {data.totals.positive} positive and {data.totals.negative} negative responses in all.
          </p>
        </>
      )}
    </Card>
  );
}
