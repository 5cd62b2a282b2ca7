import { oneLine } from "./output.ts";

/** Without a terminal to rewrite a line on: a line of progress at most this often (milliseconds). */
const PLAIN_INTERVAL = 10_000;

/** Where progress is told. */
export interface Screen {
  write(text: string): void;
  /** A terminal: the last line is rewritten in place. */
  live: boolean;
  columns: number;
}

export function stderrScreen(): Screen {
  const { stderr } = process;
  return {
    write: (text) => void stderr.write(text),
    live: stderr.isTTY === true,
    columns: stderr.columns ?? 80,
  };
}

/** Lines that stay, and under them one of progress that is rewritten while it changes. */
export class LiveLine {
  readonly #screen: Screen;
  readonly #now: () => Date;
  #drawn = false;
  #last = 0;

  constructor(screen: Screen, now: () => Date) {
    this.#screen = screen;
    this.#now = now;
  }

  /** The next line of progress waits its turn. */
  rest(): void {
    this.#last = this.#now().getTime();
  }

  /** @param textOf called only where the line is shown */
  progress(textOf: () => string): void {
    const at = this.#now().getTime();
    if (!this.#screen.live && at - this.#last < PLAIN_INTERVAL) return;
    this.#last = at;
    if (this.#screen.live) {
      this.#screen.write(`\r\x1b[K${textOf().slice(0, this.#screen.columns - 1)}`);
      this.#drawn = true;
    } else {
      this.line(textOf());
    }
  }

  line(text: string): void {
    this.end();
    this.#screen.write(`${oneLine(text)}\n`);
  }

  /** Ends a live line, so that what follows starts on its own. */
  end(): void {
    if (this.#drawn) this.#screen.write("\r\x1b[K");
    this.#drawn = false;
  }
}
