import type { RunSnapshot } from "#lib/pipeline/api.ts";
import type { RunEvent } from "#lib/pipeline/events.ts";

/** What a follower of a run hears: the whole picture, then events to fold into it (`applyRunEvent`). */
export type RunMessage = { type: "snapshot"; snapshot: RunSnapshot } | { type: "event"; event: RunEvent };

export type RunListener = (message: RunMessage) => void;

/** Followers hear of progress at most this often (milliseconds); everything else at once. */
const PROGRESS_INTERVAL = 200;

/** Passes a run's messages on to whoever follows it in this process. */
export class RunHub {
  readonly #listeners = new Map<string, Set<RunListener>>();
  readonly #held = new Map<string, { events: Map<string, RunEvent>; timer: NodeJS.Timeout }>();

  subscribe(runId: string, listener: RunListener): () => void {
    const listeners = this.#listeners.get(runId) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(runId, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(runId) === listeners) this.#listeners.delete(runId);
    };
  }

  /** Only the newest progress of a stage is passed on, and nothing overtakes it. */
  publish(runId: string, message: RunMessage): void {
    if (!this.#listeners.has(runId)) return;
    if (message.type === "event" && message.event.kind === "progress") {
      const held = this.#held.get(runId) ?? this.#hold(runId);
      held.events.set(`${message.event.trait} ${message.event.stage}`, message.event);
      return;
    }
    this.#flush(runId);
    this.#send(runId, message);
  }

  #hold(runId: string) {
    const timer = setTimeout(() => this.#flush(runId), PROGRESS_INTERVAL);
    timer.unref();
    const held = { events: new Map<string, RunEvent>(), timer };
    this.#held.set(runId, held);
    return held;
  }

  #flush(runId: string): void {
    const held = this.#held.get(runId);
    if (!held) return;
    clearTimeout(held.timer);
    this.#held.delete(runId);
    for (const event of held.events.values()) this.#send(runId, { type: "event", event });
  }

  #send(runId: string, message: RunMessage): void {
    for (const listener of [...(this.#listeners.get(runId) ?? [])]) listener(message);
  }
}
