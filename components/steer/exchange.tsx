"use client";
import { useQuery } from "@tanstack/react-query";
import { ColouredText, ColourKey, reachOf } from "#components/tokens/coloured-text.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import type { ChatBackend, ReadVector } from "#lib/client/chat/backend.ts";
import { messageOf } from "#lib/client/request.ts";
import type { Exchange } from "./use-conversation.ts";

interface ExchangeViewProps {
  exchange: Exchange;
  model: string;
  /** The vector that colours the tokens. */
  colour: ReadVector | null;
  open(): Promise<ChatBackend>;
  busy: boolean;
}

const sides = ["Baseline", "Steered"] as const;

/** A question with both answers beside each other, their tokens coloured where that is wanted. */
export function ExchangeView({ exchange, model, colour, open, busy }: ExchangeViewProps) {
  const { text, answers, problem } = exchange;
  const done = answers.flatMap((answer) => (answer.done ? [answer.done] : []));
  const whole = done.length === answers.length;
  const projected = useQuery({
    queryKey: ["projections", exchange.id, model, colour],
    enabled: colour !== null && whole,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) =>
      colour ? await (await open()).project(model, [colour], done, signal) : [],
  });
  const rows = colour && whole ? projected.data : undefined;
  const values = rows?.map(({ projections, prompt }) => projections[0]?.slice(prompt) ?? []);
  const reach = reachOf(values?.flat() ?? []);
  const what = `projection on ${colour?.trait}, layer ${colour?.layer}`;
  const same = whole && answers[0]?.text === answers[1]?.text;
  return (
    <li className="grid gap-2 py-3">
      <p className="whitespace-pre-wrap font-medium">{text}</p>
      <div className="grid gap-2 md:grid-cols-2">
        {answers.map((answer, side) => {
          const row = rows?.[side];
          return (
            <section
              key={sides[side]}
              aria-label={`${sides[side]} answer`}
              aria-busy={answer.done === null && problem === null}
              className="min-w-0 rounded-md border p-2"
            >
              <p className="mb-1 flex flex-wrap gap-2 text-muted text-xs">
                {sides[side]}
                {answer.done && <span>{answer.done.responseTokens.length} tokens</span>}
                {answer.done?.finish === "length" && <span>cut at the longest answer</span>}
                {answer.done?.finish === "not-finite" && (
                  <Badge tone="bad">! the model broke down: steering far too strong</Badge>
                )}
                {side === 1 && same && <Badge tone="neutral">the same text</Badge>}
              </p>
              {row ? (
                <ColouredText
                  tokens={row.tokens.slice(row.prompt)}
                  values={values?.[side] ?? []}
                  reach={reach}
                  what={what}
                />
              ) : (
                <p className="whitespace-pre-wrap break-words font-mono text-sm">
                  {answer.text}
                  {answer.text === "" && answer.done && <span className="text-muted">(empty)</span>}
                  {busy && !answer.done && !problem && <span aria-hidden>▍</span>}
                </p>
              )}
            </section>
          );
        })}
      </div>
      {rows && <ColourKey reach={reach} what={`${what} (read unsteered)`} />}
      {colour && projected.error && <ErrorNote message={messageOf(projected.error)} />}
      {problem && <p className="text-sm text-warn">! {problem}</p>}
    </li>
  );
}
