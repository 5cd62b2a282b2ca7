import { fromPglite, type JobWithMetadata, PgBoss } from "pg-boss";
import type { RunState } from "#lib/pipeline/api.ts";
import type { QueueConnection } from "../database/open.ts";
import type { RunRecord } from "../database/runs.ts";
import type { Log } from "../log.ts";
import { type QueuePayload, queues } from "./queues.ts";

export interface RunQueueOptions {
  connection: QueueConnection;
  /** Executes a run to its end; null when somebody else has it. Never rejects for what goes wrong in the run itself. */
  execute(runId: string, from: RunState[]): Promise<RunRecord | null>;
  log: Log;
}

export interface RunQueue {
  enqueue(runId: string): Promise<void>;
  stop(): Promise<void>;
}

const QUEUE = "run.execute";
const POLLING_SECONDS = 0.5;
// pg-boss gives up on a job after this long (24 h is its limit); handed out again, it joins the run that goes on.
const EXPIRE_SECONDS = 23 * 3600;
const RETRIES = 20;
// On a server: a worker that is silent for this long is gone, and its run is given to another.
const HEARTBEAT_SECONDS = 30;

/** Starts the queue and its worker in this process: runs one after another. */
export async function startRunQueue({ connection, execute, log }: RunQueueOptions): Promise<RunQueue> {
  const embedded = "pglite" in connection;
  const boss = embedded
    ? new PgBoss({ db: fromPglite(connection.pglite), backend: "pglite", schedule: false })
    : new PgBoss({ connectionString: connection.connectionString, schedule: false });
  boss.on("error", (error) => log.error("the queue reports an error", error));
  await boss.start();
  await boss.createQueue(QUEUE);
  await boss.updateQueue(QUEUE, {
    retryLimit: RETRIES,
    retryDelay: 1,
    expireInSeconds: EXPIRE_SECONDS,
    ...(embedded ? {} : { heartbeatSeconds: HEARTBEAT_SECONDS }),
  });
  // `work` looks the queue up, so that no later `send` has to do that while a transaction holds the one connection.
  await boss.work(
    QUEUE,
    { batchSize: 1, pollingIntervalSeconds: POLLING_SECONDS, includeMetadata: true },
    async ([job]: JobWithMetadata<unknown>[]) => {
      const payload = queues[QUEUE].safeParse(job?.data);
      if (!payload.success) {
        log.warn("a job with an unknown payload was dropped", { job: job?.id });
        return;
      }
      // A job handed out again by a server's queue: whoever claimed the run before has fallen silent.
      const again = !embedded && (job?.retryCount ?? 0) > 0;
      await execute(payload.data.run_id, again ? ["queued", "interrupted", "running"] : ["queued"]);
    },
  );
  return {
    async enqueue(runId) {
      await boss.send(QUEUE, { run_id: runId } satisfies QueuePayload<typeof QUEUE>);
    },
    async stop() {
      await boss.stop({ graceful: false, close: !embedded });
    },
  };
}
