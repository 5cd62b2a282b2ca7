import { type BuildProgress, paceOf } from "#lib/builds/progress.ts";
import type { LiveLine } from "./live-line.ts";
import { duration } from "./output.ts";

/** Tells a build's progress on stderr while it goes. */
export class BuildPrinter {
  readonly #line: LiveLine;
  readonly #now: () => Date;
  #before: BuildProgress | null = null;

  constructor(line: LiveLine, now: () => Date) {
    this.#line = line;
    this.#now = now;
  }

  hear(progress: BuildProgress): void {
    const before = this.#before;
    this.#before = progress;
    const known = new Set(before?.notices);
    for (const notice of progress.notices) if (!known.has(notice)) this.#line.line(notice);
    const failed = new Set(before?.failures);
    for (const failure of progress.failures) {
      if (!failed.has(failure)) this.#line.line(`failed: ${failure.item}: ${failure.error.userMessage}`);
    }
    for (const phase of progress.phases) {
      const was = before?.phases.find(({ name }) => name === phase.name);
      if (was?.ended_at || phase.ended_at === null) continue;
      this.#line.line(`${phase.name}  ${phase.done} ${phase.unit} done`);
    }
    this.#progress(progress);
  }

  #progress({ phases, spent }: BuildProgress): void {
    const phase = phases.find(({ started_at, ended_at }) => started_at !== null && ended_at === null);
    if (!phase) return;
    this.#line.progress(() => {
      const pace = paceOf(phase, this.#now());
      const left = pace?.eta == null ? "" : `, ${duration(Math.max(0, pace.eta))} left`;
      const rate = pace ? `, ${pace.rate.toFixed(1)} ${phase.unit}/s` : "";
      const cost = spent.cost_usd ? `, $${spent.cost_usd.toFixed(2)}` : "";
      const of = phase.total === null ? "" : `/${phase.total}`;
      return `${phase.name}  ${phase.done}${of} ${phase.unit}${rate}${left}${cost}`;
    });
  }
}
