import { z } from "zod";
import { AppError, errorJsonSchema } from "#lib/core/errors.ts";
import type { Spent } from "#lib/teacher/contract.ts";

const phaseSchema = z.object({
  name: z.string(),
  /** What is counted: `samples`, `drafts` … */
  unit: z.string(),
  done: z.number().int(),
  /** Of `done`, what was there before this start: no part of the pace. */
  before: z.number().int(),
  /** Null where it is not known yet. */
  total: z.number().int().nullable(),
  /** ISO 8601; null while it waits. */
  started_at: z.string().nullable(),
  /** Null until it has ended. */
  ended_at: z.string().nullable(),
});
export type BuildPhase = z.infer<typeof phaseSchema>;

/** How far a build is: small enough to be sent whole whenever it changes. */
export const buildProgressSchema = z.object({
  /** In the order they are worked through. */
  phases: z.array(phaseSchema),
  /** By what became of them: `accepted`, `rejected: duplicate` … */
  counts: z.record(z.string(), z.number().int()),
  /** By this start. */
  spent: z.object({
    calls: z.number().int(),
    prompt_tokens: z.number().int().nullable(),
    completion_tokens: z.number().int().nullable(),
    cost_usd: z.number().nullable(),
  }),
  /** The newest last. */
  notices: z.array(z.string()),
  /** The newest last. */
  failures: z.array(z.object({ item: z.string(), error: errorJsonSchema })),
});
export type BuildProgress = z.infer<typeof buildProgressSchema>;

const KEPT = { notices: 50, failures: 100 };

/** What a builder tells its progress to; `onChange` is called after each change. */
export class ProgressTracker {
  readonly #now: () => Date;
  readonly #onChange: (progress: BuildProgress) => void;
  #progress: BuildProgress = emptyProgress();

  constructor(now: () => Date, onChange: (progress: BuildProgress) => void = () => {}) {
    this.#now = now;
    this.#onChange = onChange;
  }

  /** As it stands; changes no more. */
  get progress(): BuildProgress {
    return this.#progress;
  }

  /** Names all phases before the first begins. */
  plan(phases: readonly Pick<BuildPhase, "name" | "unit" | "total">[]): void {
    const waiting = { done: 0, before: 0, started_at: null, ended_at: null };
    this.#change({ phases: phases.map((phase) => ({ ...phase, ...waiting })) });
  }

  /** @param before how many of `total` an earlier start has done */
  begin(name: string, total: number | null, before = 0): void {
    this.#phase(name, () => ({ total, before, done: before, started_at: this.#now().toISOString() }));
  }

  /** One more, or `by` more, of a phase is done. */
  step(name: string, by = 1): void {
    this.#phase(name, ({ done }) => ({ done: done + by }));
  }

  end(name: string): void {
    this.#phase(name, ({ total, done }) => ({ total: total ?? done, ended_at: this.#now().toISOString() }));
  }

  count(what: string, by = 1): void {
    const { counts } = this.#progress;
    this.#change({ counts: { ...counts, [what]: (counts[what] ?? 0) + by } });
  }

  spent({ calls, usage, costUsd }: Spent): void {
    this.#change({
      spent: {
        calls,
        prompt_tokens: usage?.promptTokens ?? null,
        completion_tokens: usage?.completionTokens ?? null,
        cost_usd: costUsd,
      },
    });
  }

  /** Said once, however often it is told. */
  notice(message: string): void {
    const { notices } = this.#progress;
    if (!notices.includes(message)) this.#change({ notices: [...notices, message].slice(-KEPT.notices) });
  }

  /** An item that has no result; the build goes on. */
  failed(item: string, error: AppError): void {
    const failure = { item, error: error.toJSON() };
    this.#change({ failures: [...this.#progress.failures, failure].slice(-KEPT.failures) });
  }

  #phase(name: string, change: (phase: BuildPhase) => Partial<BuildPhase>): void {
    const { phases } = this.#progress;
    if (!phases.some((phase) => phase.name === name)) throw new AppError("internal", `no phase ${name}`);
    this.#change({
      phases: phases.map((phase) => (phase.name === name ? { ...phase, ...change(phase) } : phase)),
    });
  }

  #change(change: Partial<BuildProgress>): void {
    this.#progress = { ...this.#progress, ...change };
    this.#onChange(this.#progress);
  }
}

export function emptyProgress(): BuildProgress {
  return {
    phases: [],
    counts: {},
    spent: { calls: 0, prompt_tokens: 0, completion_tokens: 0, cost_usd: 0 },
    notices: [],
    failures: [],
  };
}

/** Items a second and seconds left of a phase under way; null while there is nothing to go by. */
export function paceOf(phase: BuildPhase, now: Date): { rate: number; eta: number | null } | null {
  const done = phase.done - phase.before;
  if (phase.started_at === null || phase.ended_at !== null || done <= 0) return null;
  const seconds = Math.max(0.001, (now.getTime() - Date.parse(phase.started_at)) / 1000);
  const rate = done / seconds;
  return { rate, eta: phase.total === null ? null : (phase.total - phase.done) / rate };
}
