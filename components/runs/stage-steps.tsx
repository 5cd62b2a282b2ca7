"use client";
import { decimal, duration, whole } from "#components/format.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Progress } from "#components/ui/progress.tsx";
import { useNow } from "#lib/client/now.ts";
import type { RunSnapshot, StageProgress } from "#lib/pipeline/api.ts";
import { paceOf } from "#lib/pipeline/snapshot.ts";
import { stageNumber } from "#lib/pipeline/stages.ts";
import { stageHints, stageLooks, stageTitles } from "./states.ts";

/** The stages of every trait as steps, each with n of m, rate and time left. */
export function StageSteps({ run }: { run: RunSnapshot }) {
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {run.traits.map((trait) => (
        <Card key={trait} title={trait}>
          <StageList stages={run.stages.filter((stage) => stage.trait === trait)} />
        </Card>
      ))}
    </div>
  );
}

/** One trait's stages. */
export function StageList({ stages }: { stages: StageProgress[] }) {
  return (
    <ol className="space-y-2">
      {stages.map((stage) => (
        <StageStep key={stage.stage} stage={stage} />
      ))}
    </ol>
  );
}

function StageStep({ stage }: { stage: StageProgress }) {
  const { mark, word, tone } = stageLooks[stage.state];
  const title = stageTitles[stage.stage];
  return (
    <li data-stage={stage.stage} data-state={stage.state}>
      <div className="flex flex-wrap items-center justify-between gap-x-3 text-sm">
        <span title={stageHints[stage.stage]}>
          <span className="text-muted">{stageNumber(stage.stage)}</span> {title}
        </span>
        <span className="flex items-center gap-2">
          <StageNumbers stage={stage} />
          <Badge tone={tone}>
            <span aria-hidden>{mark}</span> {word}
          </Badge>
        </span>
      </div>
      {stage.state === "running" && (
        <Progress done={stage.done} total={stage.total} label={`${stage.trait}: ${title}`} />
      )}
    </li>
  );
}

function StageNumbers({ stage }: { stage: StageProgress }) {
  const now = useNow(stage.state === "running");
  if (stage.state === "waiting" || stage.state === "skipped" || stage.state === "current") return null;
  const pace = paceOf(stage, now);
  return (
    <span className="text-muted text-xs">
      {stage.total > 0 && `${whole(stage.done)} of ${whole(stage.total)} ${stage.unit ?? ""}`}
      {pace && ` · ${decimal(pace.rate, pace.rate < 10 ? 1 : 0)}/s · ${duration(pace.eta)} left`}
      {stage.failed > 0 && <span className="text-bad"> · {whole(stage.failed)} failed</span>}
      {stage.state === "done" && stage.seconds !== null && ` · ${duration(stage.seconds)}`}
    </span>
  );
}
