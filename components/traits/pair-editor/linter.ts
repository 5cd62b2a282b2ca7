import type { Finding } from "#lib/traits/lint/finding.ts";
import type { LintAnswer, LintLines, LintTask, LintText } from "./lint-worker.ts";

type Handler = (findings: Finding[], counts: LintAnswer["counts"]) => void;

/** Lints in a Web Worker: a whole trait of 10,000 lines a side takes longer than a keystroke may. */
export class Linter {
  readonly #worker = new Worker(new URL("./lint-worker.ts", import.meta.url), {
    type: "module",
    name: "lint",
  });
  readonly #waiting = new Map<number, Handler>();
  #tasks = 0;

  constructor() {
    this.#worker.addEventListener(
      "message",
      ({ data: { id, findings, counts } }: MessageEvent<LintAnswer>) => {
        const handler = this.#waiting.get(id);
        this.#waiting.delete(id);
        handler?.(findings, counts);
      },
    );
  }

  /** The findings of a trait, at most some of each lint, and how many there are of each. */
  lintTrait(trait: LintText, handler: Handler): void {
    this.#ask({ id: ++this.#tasks, trait }, handler);
  }

  /** The findings of one pair by itself, judged by what the last whole trait told. */
  lintPair(pair: LintLines, handler: Handler): void {
    this.#ask({ id: ++this.#tasks, pair }, handler);
  }

  #ask(task: LintTask, handler: Handler): void {
    this.#waiting.set(task.id, handler);
    this.#worker.postMessage(task);
  }

  dispose(): void {
    this.#waiting.clear();
    this.#worker.terminate();
  }
}
