"use client";
import type { UseQueryResult } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { decimal, dollars, duration, percent, signed, whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { messageOf } from "#lib/client/request.ts";
import type { Polarity } from "#lib/core/names.ts";
import type { PlanResponse } from "#lib/pipeline/api.ts";
import type { VettingKind } from "#lib/pipeline/human-labels.ts";
import type { VettingFigures } from "#lib/pipeline/vetting-live.ts";
import { FailedLines } from "./failed-lines.tsx";
import { vetKinds } from "./kinds.ts";
import { vetLabel } from "./loop.ts";
import { RefusalLink } from "./refusal-link.tsx";
import { reviewPath } from "./review-path.ts";
import type { Vet } from "./use-vet.ts";

interface KindPanelProps {
  vet: Vet;
  kind: VettingKind;
  plan: UseQueryResult<PlanResponse>;
  /** What of the results no longer holds, in words. */
  outdated: string[];
  /** A run is under way: one at a time. */
  busy: boolean;
  onGo(side: Polarity, line: number): void;
  onWrite(): void;
}

/** How one kind of vetting stands, and the next step of it. */
export function KindPanel({ vet, kind, plan, outdated, busy, onGo, onWrite }: KindPanelProps) {
  const { title, hint, action, texts } = vetKinds[kind];
  const figures = vet.figures[kind];
  const vetted = figures.lines - figures.open;
  const idle = plan.data && !willRun(plan.data);
  const refused = plan.error ? messageOf(plan.error) : null;
  return (
    <Card title={title} hint={hint}>
      <div className="space-y-3 text-sm">
        {vetted > 0 && <Figures figures={figures} />}
        {figures.open > 0 && vetted > 0 && (
          <p>
            {whole(figures.open)} of {whole(figures.lines)} lines are new or changed since.
          </p>
        )}
        {outdated.map((reason) => (
          <p key={reason} className="text-warn">
            Not up to date: {reason}.
          </p>
        ))}
        {figures.complete && (
          <p className="font-medium text-good">
            ✓ All {whole(figures.lines)} {texts} pass.
          </p>
        )}
        {refused ? (
          <ErrorNote
            message={refused}
            action={
              <RefusalLink message={refused} onWrite={onWrite} onJudge={() => vet.setJudgeOpen(true)} />
            }
          />
        ) : (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Button
              look={figures.open > 0 ? "primary" : "secondary"}
              disabled={busy || vet.starting || !plan.data || idle}
              onClick={() => void vet.start(kind)}
            >
              {vetLabel(action, figures)}
            </Button>
            <span className="text-muted">
              {idle ? "Nothing is new or changed." : plan.data && <Cost response={plan.data} />}
            </span>
          </div>
        )}
        <FailedLines lines={vet.lines} kind={kind} onGo={onGo} />
        {figures.notPassed > 0 && (
          <Link
            className="inline-block text-accent underline underline-offset-2"
            href={reviewPath(vet.trait, vet.experiment, kind)}
          >
            Review {whole(figures.notPassed)} {figures.notPassed === 1 ? "failure" : "failures"}
          </Link>
        )}
      </div>
    </Card>
  );
}

function willRun({ plan }: PlanResponse): boolean {
  return plan.traits.some(({ stages }) => stages.some((stage) => stage.will_run));
}

function Cost({ response: { plan, estimated_seconds } }: { response: PlanResponse }) {
  const { to_do, cached } = plan.judge_calls;
  const estimate = plan.traits.some(({ stages }) => stages.some((each) => each.will_run && each.estimate));
  return (
    <>
      {estimate && to_do > 0 && "up to "}
      {whole(to_do)} judge {to_do === 1 ? "call" : "calls"}
      {cached > 0 && ` (${whole(cached)} more from the cache)`}
      {plan.model_rows > 0 && `, ${whole(plan.model_rows)} model ${plan.model_rows === 1 ? "row" : "rows"}`},{" "}
      {dollars(plan.estimated_cost_usd)}
      {estimated_seconds !== null && `, about ${duration(estimated_seconds)}`}
    </>
  );
}

function Figures({ figures: { summary } }: { figures: VettingFigures }) {
  const side = (name: ReactNode, passed: number, failed: number, mean: number | null | undefined) => (
    <tr>
      <th scope="row" className="pr-4 text-left font-normal">
        {name}
      </th>
      <td className="pr-4">
        {whole(passed)} of {whole(passed + failed)} pass
      </td>
      <td>mean {decimal(mean, 1)}</td>
    </tr>
  );
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-1">
      <p className="font-semibold text-2xl">{percent(summary.pass_rate)}</p>
      <table>
        <tbody>
          {side(
            <span className="text-positive">+ positive</span>,
            summary.positive_passed,
            summary.positive_failed,
            summary.positive_mean,
          )}
          {side(
            <span className="text-negative">− negative</span>,
            summary.negative_passed,
            summary.negative_failed,
            summary.negative_mean,
          )}
        </tbody>
      </table>
      <p>
        contrast {signed(summary.contrast)}
        {summary.errors > 0 && <span className="block text-bad">{whole(summary.errors)} judge errors</span>}
      </p>
    </div>
  );
}
