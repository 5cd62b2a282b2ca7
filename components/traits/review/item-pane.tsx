"use client";
import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import type { Thresholds } from "#lib/core/thresholds.ts";
import { failureKinds } from "#lib/pipeline/failure-kinds.ts";
import type { VettingKind } from "#lib/pipeline/human-labels.ts";
import type { QueueItem } from "./queue.ts";
import { ScoreBar } from "./score-bar.tsx";
import { VerdictBadge } from "./verdict-badge.tsx";

interface ItemPaneProps {
  item: QueueItem;
  kind: VettingKind;
  /** Of the vetting file: those that its verdicts were made with. */
  thresholds: Thresholds;
  /** The judge's score and verdict are not shown. */
  hidden: boolean;
  actions: ReactNode;
  /** In place of the scenario while it is edited. */
  editor: ReactNode;
  suggestion: ReactNode;
}

const signs = { positive: "+", negative: "−" };

/** One item: what was vetted, what the judge and the person say of it, and what helps. */
export function ItemPane({ item, kind, thresholds, hidden, actions, editor, suggestion }: ItemPaneProps) {
  const { line, result, failure } = item;
  const human = result?.human_verdict ?? null;
  const partner = line.polarity === "positive" ? "negative" : "positive";
  return (
    <Card
      title={
        <>
          <span className={line.polarity === "positive" ? "text-positive" : "text-negative"}>
            {signs[line.polarity]} {line.polarity}
          </span>{" "}
          line {line.line}
        </>
      }
      className="space-y-4"
    >
      {editor ?? <Passage name="Scenario">{line.text}</Passage>}
      {suggestion}
      {kind === "response" && result?.response !== undefined && (
        <Passage name="Response">{result.response === "" ? <em>empty</em> : result.response}</Passage>
      )}
      {result === null ? (
        <p className="text-sm">
          <Badge tone="accent">changed</Badge> This text was not vetted yet: it has no score until it is.
        </p>
      ) : (
        <div className="space-y-2">
          {hidden ? (
            <p className="text-muted text-sm">The judge's score is hidden (H shows it).</p>
          ) : (
            <ScoreBar
              score={result.score}
              own={result.human_score ?? null}
              polarity={line.polarity}
              thresholds={thresholds}
            />
          )}
          <dl className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
            {!hidden && (
              <Fact name="Judge">
                <VerdictBadge verdict={result.verdict} />
              </Fact>
            )}
            <Fact name="You">
              {human ? (
                <>
                  <VerdictBadge verdict={human} />{" "}
                  <span className="text-muted">{hidden ? "" : "counts instead of the judge's"}</span>
                </>
              ) : (
                <span className="text-muted">nothing yet</span>
              )}
            </Fact>
            {kind === "response" && !hidden && line.scenario && (
              <Fact name="Scenario by itself">
                <VerdictBadge verdict={line.scenario.human_verdict ?? line.scenario.verdict} />{" "}
                {line.scenario.score !== null && Math.round(line.scenario.score)}
              </Fact>
            )}
          </dl>
          {!hidden && result.error && (
            <p className="text-bad text-sm">The judge said: {result.error.message}</p>
          )}
          {!hidden && failure && (
            <p className="text-sm">
              <strong>{failure[0]?.toUpperCase() + failure.slice(1)}.</strong> {failureKinds[failure]}
            </p>
          )}
        </div>
      )}
      {actions}
      <Passage name={`${signs[partner]} its partner, the ${partner} of this pair`} quiet>
        {line.partner ?? <em>there is none</em>}
      </Passage>
    </Card>
  );
}

function Passage({ name, quiet, children }: { name: string; quiet?: boolean; children: ReactNode }) {
  return (
    <section>
      <h3 className="font-medium text-muted text-xs">{name}</h3>
      <p className={`whitespace-pre-wrap break-words font-mono text-sm ${quiet ? "text-muted" : ""}`}>
        {children}
      </p>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-center gap-2">
      <dt className="text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
