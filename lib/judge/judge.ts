import PQueue from "p-queue";
import { AppError, throwIfAborted } from "#lib/core/errors.ts";
import { cacheKey } from "./cache-key.ts";
import { type Batch, type Caller, createCaller } from "./caller.ts";
import type {
  Judge,
  JudgeItem,
  JudgeLimits,
  JudgeMethod,
  Judgement,
  JudgementCache,
  JudgePorts,
  JudgeRunOptions,
  JudgeRunResult,
  JudgeTransport,
} from "./contract.ts";
import { judgeItem } from "./judge-item.ts";
import { systemPorts } from "./ports.ts";
import { prepareText, promptVersion } from "./prompts/render.ts";
import { scoringVersion } from "./scoring.ts";
import { createTally } from "./tally.ts";

/**
 * Makes a judge from one transport. Its limits (concurrency, RPM, cap) hold over all its `judge()` calls together.
 * Throws `usage` for limits that make no sense, such as a cap on a model without a known price.
 */
export function createJudge(
  transport: JudgeTransport,
  cache: JudgementCache,
  limits: JudgeLimits,
  ports: JudgePorts = systemPorts(),
): Judge {
  checkCap(limits, transport);
  const setup = { transport, cache, caller: createCaller(transport, limits, ports), limits };
  return {
    judge: (items, options = {}) => judgeBatch(setup, items, options),
    describe: () => ({
      endpoint: transport.id,
      model: transport.model,
      promptVersion: promptVersion(transport.promptSet),
      scoringVersion,
    }),
  };
}

/** One batch on a judge of its own. */
export function judgeAll(
  items: readonly JudgeItem[],
  transport: JudgeTransport,
  cache: JudgementCache,
  options: JudgeLimits & JudgeRunOptions & { ports?: JudgePorts },
): Promise<JudgeRunResult> {
  return createJudge(transport, cache, options, options.ports).judge(items, options);
}

interface Setup {
  transport: JudgeTransport;
  cache: JudgementCache;
  caller: Caller;
  limits: JudgeLimits;
}

/** Items that ask the same question (equal cache keys): judged once. At least one item. */
interface Group {
  key: string;
  first: JudgeItem;
  items: JudgeItem[];
}

async function judgeBatch(
  setup: Setup,
  items: readonly JudgeItem[],
  options: JudgeRunOptions,
): Promise<JudgeRunResult> {
  throwIfAborted(options.signal);
  checkItems(items, setup.transport);
  const tally = createTally(items.length, options.onProgress);
  const groups = await groupByKey(items, setup.transport);
  const known = await setup.cache.get(groups.map(({ key }) => key));

  let ended: AppError | undefined;
  const isLost = () => ended !== undefined && ended.code !== "spending-cap";
  const end = (thrown: unknown) => {
    if (!isLost()) ended = AppError.from(thrown);
  };
  const batch: Batch = { tally, signal: options.signal, isLost };

  async function report(group: Group, judgement: Judgement): Promise<void> {
    for (const item of group.items) {
      const own = {
        ...judgement,
        truncated: prepareText(item).truncated,
        cached: judgement.cached || item !== group.first,
      };
      tally.add(item.id, own);
      await options.onJudgement?.(item, own, group.key);
    }
  }

  async function judgeGroup(group: Group, method: JudgeMethod): Promise<void> {
    throwIfAborted(options.signal);
    const judgement = await judgeItem(group.first, setup.transport, method, (requests) =>
      setup.caller.open(requests, batch),
    );
    if (judgement.score !== null) await setup.cache.put([{ key: group.key, judgement }]);
    await report(group, judgement);
  }

  const open: Group[] = [];
  for (const group of groups) {
    const judgement = known.get(group.key);
    if (judgement) await report(group, { ...judgement, cached: true });
    else open.push(group);
  }
  if (open.length > 0) {
    const method = await setup.caller.method(batch).catch(end);
    const queue = new PQueue({ concurrency: setup.limits.concurrency });
    const start = (group: Group) => async () => {
      if (!ended && method) await judgeGroup(group, method).catch(end);
    };
    await queue.addAll(open.map(start));
  }
  if (isLost()) throw ended;
  return tally.result(ended && "spending-cap");
}

async function groupByKey(items: readonly JudgeItem[], transport: JudgeTransport): Promise<Group[]> {
  const groups = new Map<string, Group>();
  for (const item of items) {
    const key = await cacheKey(item, transport);
    const group = groups.get(key);
    if (group) group.items.push(item);
    else groups.set(key, { key, first: item, items: [item] });
  }
  return [...groups.values()];
}

function checkItems(items: readonly JudgeItem[], { traits }: JudgeTransport): void {
  const ids = new Set(items.map(({ id }) => id));
  if (ids.size < items.length) throw new AppError("internal", "judge items must have different ids");
  const unknown = items.find(({ task, trait }) => traits && task !== "coherence" && !traits.includes(trait));
  if (!unknown) return;
  throw new AppError(
    "judge-rejected",
    `the built-in judge knows only ${traits?.join(", ")}, not ${unknown.trait}: configure a judge endpoint for it`,
    { details: { scope: "run", trait: unknown.trait } },
  );
}

function checkCap({ maxCostUsd, spentUsd = 0 }: JudgeLimits, { model, price }: JudgeTransport): void {
  if (maxCostUsd === undefined) return;
  if (!(maxCostUsd >= 0 && spentUsd >= 0)) {
    throw new AppError(
      "usage",
      `the spending cap must be a number of dollars of at least 0, not ${maxCostUsd}`,
    );
  }
  if (!price) {
    throw new AppError(
      "usage",
      `the price of judge model ${model} is not known, so a spending cap cannot be kept: give its price per million tokens, or leave the cap out`,
    );
  }
}
