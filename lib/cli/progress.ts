import type { RunSnapshot, StageProgress } from "#lib/pipeline/api.ts";
import type { RunEvent } from "#lib/pipeline/events.ts";
import { applyRunEvent, paceOf } from "#lib/pipeline/snapshot.ts";
import type { RunMessage } from "#lib/server/runs/hub.ts";
import { LiveLine, type Screen } from "./live-line.ts";
import { duration } from "./output.ts";

/** Tells a run's progress on stderr while it goes. */
export class RunPrinter {
  readonly #line: LiveLine;
  readonly #now: () => Date;
  #run: RunSnapshot | null = null;

  constructor(screen: Screen, now: () => Date) {
    this.#line = new LiveLine(screen, now);
    this.#now = now;
  }

  /** The run as it was last told. */
  get run(): RunSnapshot | null {
    return this.#run;
  }

  hear(message: RunMessage): void {
    if (message.type === "snapshot") {
      this.#run = message.snapshot;
      return;
    }
    if (!this.#run) return;
    this.#run = applyRunEvent(this.#run, message.event);
    this.#tell(message.event, this.#run);
  }

  /** Ends a live line, so that what follows starts on its own. */
  end(): void {
    this.#line.end();
  }

  #tell(event: RunEvent, run: RunSnapshot): void {
    if (event.kind === "progress") {
      this.#progress(run, event);
    } else if (event.kind === "stage") {
      if (event.state === "running") this.#line.rest();
      const line = stageLine(event, stageOf(run, event));
      if (line !== null) this.#line.line(line);
    } else if (event.kind === "notice") {
      this.#line.line(event.level === "warning" ? `warning: ${event.message}` : event.message);
    } else if (event.kind === "item-failed") {
      this.#line.line(`failed: ${event.trait} ${event.stage} ${event.item}: ${event.error.userMessage}`);
    }
  }

  #progress(run: RunSnapshot, event: Extract<RunEvent, { kind: "progress" }>): void {
    this.#line.progress(() => {
      const stage = stageOf(run, event);
      const pace = stage && paceOf(stage, this.#now());
      const left = pace ? `, ${pace.rate.toFixed(1)}/s, ${duration(Math.max(0, pace.eta))} left` : "";
      const cost = run.judge.cost_usd ? `, $${run.judge.cost_usd.toFixed(2)}` : "";
      return `${event.trait}  ${event.stage}${countsOf(stage)}${left}${cost}`;
    });
  }
}

function stageLine(
  event: Extract<RunEvent, { kind: "stage" }>,
  stage: StageProgress | undefined,
): string | null {
  const name = `${event.trait}  ${event.stage}`;
  if (event.state === "running") return `${name} …`;
  if (event.state === "current") return `${name}  done before`;
  if (event.state === "done") return `${name}  done${countsOf(stage)}${timeOf(event.seconds)}`;
  return event.state === "failed" ? `${name}  stopped${countsOf(stage)}` : null;
}

function stageOf(run: RunSnapshot, event: { trait: string; stage: string }): StageProgress | undefined {
  return run.stages.find(({ trait, stage }) => trait === event.trait && stage === event.stage);
}

function countsOf(stage: StageProgress | undefined): string {
  if (!stage || stage.total === 0) return "";
  const failed = stage.failed > 0 ? `, ${stage.failed} failed` : "";
  return `  ${stage.done}/${stage.total} ${stage.unit ?? ""}`.trimEnd() + failed;
}

function timeOf(seconds: number | undefined): string {
  return seconds === undefined ? "" : `  ${duration(seconds)}`;
}
