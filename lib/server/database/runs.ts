import type { ErrorJson } from "#lib/core/errors.ts";
import { formatTraitId } from "#lib/core/names.ts";
import type { RunSnapshot, RunState, RunSummary } from "#lib/pipeline/api.ts";
import { type RunPlan, type RunResult, type RunSpec, runResultSchema } from "#lib/pipeline/contract.ts";
import type { PrismaClient, Run } from "../generated/client.ts";

/** Who executes a run: the command that made it, or the server's queue. */
export type RunOrigin = "cli" | "server";

/** The part of a snapshot that grows while a run runs. */
export type RunProgress = Pick<RunSnapshot, "stages" | "judge" | "notices" | "workers" | "failures">;

/** A run as the database knows it. */
export interface RunRecord {
  id: string;
  experiment: string;
  state: RunState;
  origin: RunOrigin;
  request: "pause" | "cancel" | null;
  attempt: number;
  /** The same run as a command to copy. */
  command: string;
  spec: RunSpec;
  plan: RunPlan;
  progress: RunProgress;
  result: RunResult | null;
  error: ErrorJson | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

export interface RunRepository {
  insert(
    run: Pick<RunRecord, "id" | "experiment" | "origin" | "command" | "spec" | "plan" | "progress">,
  ): Promise<RunRecord>;
  get(id: string): Promise<RunRecord | null>;
  /** Newest first. */
  list(filter: { experiment?: string; limit: number }): Promise<RunRecord[]>;
  /** Oldest first. */
  inState(states: RunState[]): Promise<RunRecord[]>;
  /** Compare-and-set: running by a new attempt; null when another has it or it is in none of `from`. */
  claim(id: string, from: RunState[]): Promise<RunRecord | null>;
  /** Compare-and-set on the state; null when it is in none of `from`. */
  move(id: string, from: RunState[], to: RunState, origin?: RunOrigin): Promise<RunRecord | null>;
  /** Asks a running run to stop; false when it does not run. */
  ask(id: string, request: "pause" | "cancel"): Promise<boolean>;
  /** What another process asked of this attempt; `lost` when another attempt has taken over. */
  asked(id: string, attempt: number): Promise<"pause" | "cancel" | "lost" | null>;
  saveProgress(id: string, attempt: number, progress: RunProgress): Promise<void>;
  /** The end of one attempt; false when another attempt has taken over since. */
  finish(id: string, attempt: number, outcome: RunOutcome): Promise<boolean>;
}

export interface RunOutcome {
  state: RunState;
  progress: RunProgress;
  result?: RunResult;
  error?: ErrorJson;
}

export function createRunRepository(prisma: PrismaClient, now: () => Date): RunRepository {
  const get = async (id: string) => {
    const row = await prisma.run.findUnique({ where: { id } });
    return row && recordOf(row);
  };
  return {
    get,
    async insert({ id, experiment, origin, command, spec, plan, progress }) {
      const texts = {
        spec: JSON.stringify(spec),
        plan: JSON.stringify(plan),
        progress: JSON.stringify(progress),
      };
      const row = { id, experiment, origin, command, state: "queued", createdAt: now(), ...texts };
      return recordOf(await prisma.run.create({ data: row }));
    },
    async list({ experiment, limit }) {
      const rows = await prisma.run.findMany({
        where: experiment === undefined ? {} : { experiment },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
        take: limit,
      });
      return rows.map(recordOf);
    },
    async inState(states) {
      const rows = await prisma.run.findMany({
        where: { state: { in: states } },
        orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      });
      return rows.map(recordOf);
    },
    async claim(id, from) {
      const seen = await get(id);
      if (!seen) return null;
      const { count } = await prisma.run.updateMany({
        where: { id, state: { in: from }, attempt: seen.attempt },
        data: {
          state: "running",
          attempt: seen.attempt + 1,
          request: null,
          error: null,
          startedAt: seen.startedAt ?? now(),
          finishedAt: null,
        },
      });
      return count === 1 ? get(id) : null;
    },
    async move(id, from, to, origin) {
      const ended = to === "cancelled" ? { finishedAt: now() } : {};
      const { count } = await prisma.run.updateMany({
        where: { id, state: { in: from } },
        data: { state: to, request: null, ...ended, ...(origin ? { origin } : {}) },
      });
      return count === 1 ? get(id) : null;
    },
    async ask(id, request) {
      const { count } = await prisma.run.updateMany({ where: { id, state: "running" }, data: { request } });
      return count === 1;
    },
    async asked(id, attempt) {
      const row = await prisma.run.findUnique({ where: { id }, select: { request: true, attempt: true } });
      if (row?.attempt !== attempt) return "lost";
      return row.request as RunRecord["request"];
    },
    async saveProgress(id, attempt, progress) {
      await prisma.run.updateMany({ where: { id, attempt }, data: { progress: JSON.stringify(progress) } });
    },
    async finish(id, attempt, { state, progress, result, error }) {
      const { count } = await prisma.run.updateMany({
        where: { id, attempt, state: "running" },
        data: {
          state,
          request: null,
          progress: JSON.stringify(progress),
          result: result ? JSON.stringify(result) : null,
          error: error ? JSON.stringify(error) : null,
          finishedAt: now(),
        },
      });
      return count === 1;
    },
  };
}

/** What lists show of a run. */
export function summaryOf(run: RunRecord): RunSummary {
  return {
    run_id: run.id,
    experiment: run.experiment,
    traits: run.spec.traits.map(formatTraitId),
    state: run.state,
    created_at: run.createdAt.toISOString(),
    started_at: run.startedAt?.toISOString() ?? null,
    finished_at: run.finishedAt?.toISOString() ?? null,
  };
}

// Rows of an earlier version know no device of the judge.
function specFrom(json: string): RunSpec {
  const spec = JSON.parse(json) as RunSpec;
  return { ...spec, config: { ...spec.config, judge_device: spec.config.judge_device ?? "cpu" } };
}

// The JSON columns are this program's own writing: only the result, which other tools read, is checked again.
function recordOf(row: Run): RunRecord {
  return {
    id: row.id,
    experiment: row.experiment,
    state: row.state as RunState,
    origin: row.origin as RunOrigin,
    request: row.request as RunRecord["request"],
    attempt: row.attempt,
    command: row.command,
    spec: specFrom(row.spec),
    plan: JSON.parse(row.plan) as RunPlan,
    // Rows of an earlier version know no workers.
    progress: { workers: [], ...JSON.parse(row.progress) } as RunProgress,
    result: row.result === null ? null : runResultSchema.parse(JSON.parse(row.result)),
    error: row.error === null ? null : (JSON.parse(row.error) as ErrorJson),
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
  };
}
