import type { Judgement, JudgeProgress, JudgeRunResult } from "./contract.ts";

/** Counts one `judge()` call and tells its progress. */
export interface Tally {
  /** One more request sent, whatever becomes of it. */
  attempt(): void;
  /** One more call completed; `costUsd` null where it is unknown. */
  call(costUsd: number | null, isProbe?: boolean): void;
  add(id: string, judgement: Judgement): void;
  result(stoppedBy?: "spending-cap"): JudgeRunResult;
}

export function createTally(total: number, onProgress?: (progress: JudgeProgress) => void): Tally {
  const judgements = new Map<string, Judgement>();
  let attempts = 0;
  let calls = 0;
  let cached = 0;
  let errors = 0;
  let costUsd: number | null = 0;
  return {
    attempt: () => {
      attempts++;
    },
    call(cost, isProbe = false) {
      if (!isProbe) calls++;
      costUsd = costUsd === null || cost === null ? null : costUsd + cost;
    },
    add(id, judgement) {
      judgements.set(id, judgement);
      if (judgement.cached) cached++;
      if (judgement.score === null) errors++;
      onProgress?.({ done: judgements.size, total, cached, errors, costUsd });
    },
    result: (stoppedBy) => ({
      judgements,
      calls,
      attempts,
      cached,
      errors,
      costUsd,
      ...(stoppedBy && { stoppedBy }),
    }),
  };
}
