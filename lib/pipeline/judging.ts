import { AppError } from "#lib/core/errors.ts";
import { cacheKey } from "#lib/judge/cache-key.ts";
import type { JudgeItem, Judgement } from "#lib/judge/contract.ts";
import { callsFor, estimateCost } from "#lib/judge/plan.ts";
import type { RunContext } from "./context.ts";
import { openJournal } from "./journal.ts";
import type { StageScope, StageWork } from "./stage.ts";

/** The judge as a stage's determinant: endpoint, model, prompt and scoring version. */
export async function judgeIdentity(run: RunContext) {
  return (await run.judge()).judge.describe();
}

/** The cache key of each item, in order. */
export async function judgementKeys(run: RunContext, items: readonly JudgeItem[]): Promise<string[]> {
  const { transport } = await run.judge();
  return Promise.all(items.map((item) => cacheKey(item, transport)));
}

/** What judging the items would take: calls that the cache saves, calls to do and their cost. */
export async function countJudging(run: RunContext, items: readonly JudgeItem[]): Promise<StageWork> {
  const { transport, cache } = await run.judge();
  const keys = await judgementKeys(run, items);
  const known = await cache.get([...new Set(keys)]);
  const seen = new Set<string>();
  const open = items.filter((_, at) => {
    const key = keys[at] ?? "";
    if (known.has(key) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return {
    items: { total: items.length, finished: items.length - open.length, to_do: open.length },
    judge_calls: { to_do: callsFor(open), cached: callsFor(items) - callsFor(open) },
    model_rows: 0,
    cost_usd: transport.promptSet === "builtin-1" ? 0 : estimateCost(open, transport),
  };
}

/**
 * Judges every item of a stage; finished ones come from the cache or the journal. An item's error is in its judgement.
 * @param journal path of the stage's JSON Lines file
 * @param onJudgement told of each as it comes, known ones included
 * Throws what ends the run: `judge-unreachable`, `judge-key-missing`, `spending-cap`, `aborted` …
 */
export async function judgeStage(
  scope: StageScope,
  items: readonly JudgeItem[],
  journal: string,
  onJudgement?: (item: JudgeItem, judgement: Judgement) => void,
): Promise<Map<string, Judgement>> {
  const { run } = scope.trait;
  const { judge, cache } = await run.judge();
  if (items.length === 0) return new Map();
  const book = await openJournal(run.ports.artifacts, journal, cache, await judgementKeys(run, items));
  const { totals } = run;
  const before = { ...totals };
  const judging = judge.judge(items, {
    ...(scope.signal ? { signal: scope.signal } : {}),
    async onJudgement(item, judgement, key) {
      if (!judgement.cached) totals.judgeCalls += callsFor([item], judgement.method);
      await book.append(key, judgement);
      onJudgement?.(item, judgement);
    },
    onProgress({ done, total, cached, costUsd }) {
      totals.judgementsCached = before.judgementsCached + cached;
      totals.costUsd = addCosts(before.costUsd, costUsd);
      scope.progress(done, total, "judgements");
      if (done % 10 === 0 || done === total) emitTotals(run);
    },
  });
  // What a stopped run has paid for is told too.
  judging.catch(() => emitTotals(run));
  const result = await judging;
  totals.judgeCalls = before.judgeCalls + result.calls;
  totals.judgementsCached = before.judgementsCached + result.cached;
  totals.costUsd = addCosts(before.costUsd, result.costUsd);
  emitTotals(run);
  if (result.stoppedBy === "spending-cap") {
    throw new AppError(
      "spending-cap",
      `the spending cap of ${run.config.max_cost_usd} US dollars is reached after ${result.judgements.size} of ${items.length} judgements of this stage; ` +
        "what is judged is kept: run again with a higher --max-cost to go on",
    );
  }
  return result.judgements;
}

function addCosts(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function emitTotals({ ports, totals }: RunContext): void {
  ports.emit({
    at: ports.now().toISOString(),
    kind: "judge",
    calls: totals.judgeCalls,
    cached: totals.judgementsCached,
    cost_usd: totals.costUsd,
  });
}
