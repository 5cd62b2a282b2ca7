import type { BuildPorts } from "#lib/builds/ports.ts";
import { AppError, throwIfAborted } from "#lib/core/errors.ts";
import { stopsRun } from "#lib/judge/errors.ts";
import { balanceOf } from "./balance.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { canHold, type ForeignLine, headOf, lineOf } from "./dataset-line.ts";
import type { Asked, DatasetPlan } from "./dataset-plan.ts";
import type { DatasetFiles } from "./files.ts";
import { type JournalState, reconcile } from "./journal.ts";
import { OutcomeWriter } from "./outcomes.ts";
import { Personas } from "./personas.ts";
import { askReactions, firstOption } from "./reactions.ts";
import type { DatasetSummary, Outcome, RejectionReason, SampleRecord, Scenario } from "./records.ts";
import { findDataset } from "./resume.ts";
import type { StreamedScenario } from "./scenarios/stream.ts";

/**
 * Builds one dataset, or goes on with it. Which scenarios become samples and what each holds depends on the settings and
 * the teacher alone, whatever is finished first. Throws `aborted` and what stops every further call, with all that is
 * finished written.
 */
export async function buildDataset(plan: DatasetPlan, ports: BuildPorts): Promise<DatasetSummary> {
  const { output, progress, now } = ports;
  const { files, begun } = await findDataset(output, plan.folder, plan.settings, plan.scenarios, now);
  const state = await reconcile(output, files, plan.layout);
  for (const notice of state.notices) progress.notice(notice);
  const work = new DatasetWork(plan, ports, files, state);
  await work.begin(begun);
  return begun && (await isDone(plan, ports, files, state)) ? work.end() : work.run();
}

/** Whether nothing is left to do, without reading the source. */
async function isDone(
  { limit }: DatasetPlan,
  { output, progress }: BuildPorts,
  files: DatasetFiles,
  { samples, foreign }: JournalState,
): Promise<boolean> {
  const checkpoint = await readCheckpoint(output, files);
  const done = checkpoint?.exhausted || (limit !== null && samples >= limit);
  if (!checkpoint?.finished || !done || foreign.size > 0) return false;
  progress.notice(`${files.dataset} is finished: ${samples} samples`);
  return true;
}

class DatasetWork {
  readonly #plan: DatasetPlan;
  readonly #ports: BuildPorts;
  readonly #files: DatasetFiles;
  readonly #state: JournalState;
  readonly #writer: OutcomeWriter;
  readonly #personas: Personas;
  readonly #inFlight = new Set<Promise<void>>();
  #failed = 0;
  #sinceCheckpoint = 0;
  #stop: AppError | null = null;
  #saving: Promise<void> = Promise.resolve();

  constructor(plan: DatasetPlan, ports: BuildPorts, files: DatasetFiles, state: JournalState) {
    this.#plan = plan;
    this.#ports = ports;
    this.#files = files;
    this.#state = state;
    this.#writer = new OutcomeWriter(ports.output, files);
    this.#personas = new Personas(plan.prompts, ports.teacher, state.personas, async (persona) => {
      await this.#writer.add(persona);
      ports.progress.spent(ports.teacher.spent());
    });
  }

  get #name(): string {
    return this.#plan.settings.personality;
  }

  async begin(begun: boolean): Promise<void> {
    const { output, progress } = this.#ports;
    const { limit, rows, settings } = this.#plan;
    const { samples, rejected } = this.#state;
    progress.begin(this.#name, limit ?? rows, samples);
    if (samples > 0) progress.count("accepted", samples);
    for (const [reason, count] of rejected) progress.count(`rejected: ${reason}`, count);
    if (begun) return;
    await this.#writer.add({ kind: "build", version: 1, settings });
    await output.write(this.#files.dataset, "");
    await this.#checkpoint({});
  }

  /** Nothing is left to do. */
  end(): DatasetSummary {
    this.#ports.progress.end(this.#name);
    return this.#summary(true);
  }

  async run(): Promise<DatasetSummary> {
    const { signal } = this.#ports;
    const exhausted = await this.#askAll().catch((error: unknown) => {
      this.#stop ??= AppError.from(error);
      return false;
    });
    await Promise.all(this.#inFlight);
    const finished = !this.#stop && !signal?.aborted && this.#failed === 0;
    await this.#checkpoint({ finished, exhausted: exhausted && finished });
    if (this.#stop) throw this.#stop;
    throwIfAborted(signal);
    this.#ports.progress.end(this.#name);
    return this.#summary(finished);
  }

  /** @returns whether the source has no further scenario */
  async #askAll(): Promise<boolean> {
    const { signal } = this.#ports;
    for await (const streamed of this.#plan.scenarios()) {
      const before = this.#state.rows.get(streamed.row);
      if (before === "sample" || before === "rejected") continue;
      await this.#room();
      if (this.#stop || signal?.aborted || this.#isFull()) return false;
      await this.#take(streamed);
    }
    return true;
  }

  /** Waits until another sample may be begun: more than the limit are never under way, whichever of them fail. */
  async #room(): Promise<void> {
    const { workers, limit } = this.#plan;
    const mayBegin = () =>
      this.#inFlight.size < workers && (limit === null || this.#taken() + this.#inFlight.size < limit);
    while (this.#inFlight.size > 0 && !mayBegin()) await Promise.race(this.#inFlight);
  }

  /** Samples, and those that the next start makes. */
  #taken(): number {
    return this.#state.samples + this.#failed;
  }

  #isFull(): boolean {
    return this.#plan.limit !== null && this.#taken() >= this.#plan.limit;
  }

  async #take({ rejection, scenario, ...streamed }: StreamedScenario): Promise<void> {
    if (rejection || !scenario) {
      const { reason, details } = rejection ?? { reason: "no situation" as const, details: "" };
      return this.#reject(streamed, scenario, reason, details);
    }
    const foreign = this.#state.foreign.get(headOf(scenario, this.#plan.layout));
    const asked: Asked = { ...streamed, scenario, rejection };
    if (foreign) return this.#adopt(asked, foreign);
    const trial = { scenario, positive: "a", neutral: "b", first: "positive" } as const;
    if (!canHold(trial, this.#plan.layout)) {
      return this.#reject(streamed, scenario, "situation breaks the layout", "");
    }
    const work: Promise<void> = this.#sample(asked).finally(() => this.#inFlight.delete(work));
    this.#inFlight.add(work);
  }

  /** Never rejects: what stops the build is kept. */
  async #sample(asked: Asked): Promise<void> {
    const { teacher, progress } = this.#ports;
    try {
      const { teacher, now } = this.#ports;
      const ports = { teacher, now, personas: this.#personas };
      await this.#record(await askReactions(asked, this.#plan, ports));
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (stopsRun(error) || this.#stop) {
        this.#stop ??= error;
        return;
      }
      const { row, id, scenario } = asked;
      this.#failed++;
      progress.failed(`${this.#name}, ${id}`, error);
      await this.#writer
        .add({ kind: "failed", row, id, scenario, error: error.toJSON() })
        .catch((failed: unknown) => (this.#stop ??= AppError.from(failed)));
    }
    progress.spent(teacher.spent());
  }

  async #record(outcome: Exclude<Outcome, { kind: "failed" }>): Promise<void> {
    const { progress } = this.#ports;
    if (outcome.kind === "rejected") {
      await this.#writer.add(outcome);
      const { rejected } = this.#state;
      rejected.set(outcome.reason, (rejected.get(outcome.reason) ?? 0) + 1);
      progress.count(`rejected: ${outcome.reason}`);
      return;
    }
    await this.#writer.add(outcome, lineOf(outcome, this.#plan.layout));
    await this.#counted(outcome.first);
  }

  async #counted(first: SampleRecord["first"]): Promise<void> {
    const { progress } = this.#ports;
    this.#state.samples++;
    if (first === "positive") this.#state.positiveFirst++;
    progress.count("accepted");
    progress.step(this.#name);
    this.#sinceCheckpoint++;
    if (this.#sinceCheckpoint < this.#plan.checkpointInterval) return;
    this.#sinceCheckpoint = 0;
    await this.#checkpoint({});
  }

  /** A line that only the dataset's file still knows: its sample is not asked for again. */
  async #adopt({ row, id, scenario, key }: Asked, line: ForeignLine): Promise<void> {
    const { positive, neutral } = line;
    const first = line.first ?? firstOption(this.#plan, key);
    const created_at = this.#ports.now().toISOString();
    await this.#writer.add({
      kind: "sample",
      row,
      id,
      scenario,
      positive,
      neutral,
      first,
      answers: null,
      created_at,
    });
    await this.#counted(first);
  }

  #reject(
    { row, id }: Pick<StreamedScenario, "row" | "id">,
    scenario: Scenario | null,
    reason: RejectionReason,
    details: string,
  ): Promise<void> {
    return this.#record({
      kind: "rejected",
      row,
      id,
      reason,
      details,
      scenario,
      positive: null,
      neutral: null,
    });
  }

  /** One after the other: the last to be written is the newest. */
  #checkpoint({ finished = false, exhausted = false }): Promise<void> {
    const { output, now } = this.#ports;
    const { samples, rejected, failed, balance, settings } = this.#summary(finished);
    const state = {
      num_generated: samples,
      output_file: baseName(this.#files.dataset),
      timestamp: now().toISOString(),
      finished,
      exhausted,
      rejected,
      failed,
      balance,
      ...(settings && { settings }),
    };
    this.#saving = this.#saving.then(() => writeCheckpoint(output, this.#files, state));
    return this.#saving;
  }

  #summary(finished: boolean): DatasetSummary {
    const { settings, folder } = this.#plan;
    const { samples, positiveFirst, rejected } = this.#state;
    return {
      personality: this.#name,
      folder: folder.replace(/\/$/, ""),
      file: this.#files.dataset,
      checkpoint: this.#files.checkpoint,
      work: this.#files.work,
      samples,
      rejected: Object.fromEntries(rejected),
      failed: this.#failed,
      balance: balanceOf(positiveFirst, samples),
      finished,
      settings,
    };
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
