import { type BuildProgress, paceOf } from "#lib/builds/progress.ts";
import { duration, oneLine } from "./output.ts";

/** Without a terminal to rewrite a line on: a line of progress at most this often (milliseconds). */
const PLAIN_INTERVAL = 10_000;

interface Screen {
  write(text: string): void;
  /** A terminal: the last line is rewritten in place. */
  live: boolean;
  columns: number;
}

/** Tells a build's progress on stderr while it goes. */
export class BuildPrinter {
  readonly #screen: Screen;
  readonly #now: () => Date;
  #before: BuildProgress | null = null;
  #drawn = false;
  #last = 0;

  constructor(screen: Screen, now: () => Date) {
    this.#screen = screen;
    this.#now = now;
  }

  hear(progress: BuildProgress): void {
    const before = this.#before;
    this.#before = progress;
    const known = new Set(before?.notices);
    for (const notice of progress.notices) if (!known.has(notice)) this.#line(notice);
    const failed = new Set(before?.failures);
    for (const failure of progress.failures) {
      if (!failed.has(failure)) this.#line(`failed: ${failure.item}: ${failure.error.userMessage}`);
    }
    for (const phase of progress.phases) {
      const was = before?.phases.find(({ name }) => name === phase.name);
      if (was?.ended_at || phase.ended_at === null) continue;
      this.#line(`${phase.name}  ${phase.done} ${phase.unit} done`);
    }
    this.#progress(progress);
  }

  /** Ends a live line, so that what follows starts on its own. */
  end(): void {
    if (this.#drawn) this.#screen.write("\r\x1b[K");
    this.#drawn = false;
  }

  #progress({ phases, spent }: BuildProgress): void {
    const phase = phases.find(({ started_at, ended_at }) => started_at !== null && ended_at === null);
    const at = this.#now();
    if (!phase || (!this.#screen.live && at.getTime() - this.#last < PLAIN_INTERVAL)) return;
    this.#last = at.getTime();
    const pace = paceOf(phase, at);
    const left = pace?.eta == null ? "" : `, ${duration(Math.max(0, pace.eta))} left`;
    const rate = pace ? `, ${pace.rate.toFixed(1)} ${phase.unit}/s` : "";
    const cost = spent.cost_usd ? `, $${spent.cost_usd.toFixed(2)}` : "";
    const of = phase.total === null ? "" : `/${phase.total}`;
    const text = `${phase.name}  ${phase.done}${of} ${phase.unit}${rate}${left}${cost}`;
    if (this.#screen.live) {
      this.#screen.write(`\r\x1b[K${text.slice(0, this.#screen.columns - 1)}`);
      this.#drawn = true;
    } else {
      this.#line(text);
    }
  }

  #line(text: string): void {
    this.end();
    this.#screen.write(`${oneLine(text)}\n`);
  }
}
