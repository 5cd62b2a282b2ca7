import type { RunRepository } from "../database/runs.ts";

/**
 * What the last process left behind when it was killed: nothing runs now, for this process alone holds the database.
 * Runs that were told to stop are stopped, the others are interrupted.
 */
export async function settleAbandoned(runs: RunRepository): Promise<void> {
  for (const run of await runs.inState(["running"])) {
    const asked = run.request === "pause" ? "paused" : run.request === "cancel" ? "cancelled" : "interrupted";
    await runs.move(run.id, ["running"], asked);
  }
}

/**
 * Puts the server's own waiting and interrupted runs into the queue (again): a job may have been lost with its process,
 * and one too many does nothing. A run that a command executed goes on only when somebody resumes it.
 */
export async function requeue(
  runs: RunRepository,
  enqueue: (runId: string) => Promise<void>,
): Promise<string[]> {
  const waiting = (await runs.inState(["queued", "interrupted"])).filter(({ origin }) => origin === "server");
  for (const { id } of waiting) {
    await runs.move(id, ["interrupted"], "queued");
    await enqueue(id);
  }
  return waiting.map(({ id }) => id);
}
