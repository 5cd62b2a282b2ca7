import { AppError } from "#lib/core/errors.ts";
import type { Account } from "./caller.ts";
import type {
  Completion,
  CompletionRequest,
  JudgeItem,
  JudgeMethod,
  Judgement,
  JudgeTransport,
} from "./contract.ts";
import { stopsRun, unparsable } from "./errors.ts";
import { requestsFor } from "./plan.ts";
import { totalCost, totalUsage } from "./prices.ts";
import { promptVersion } from "./prompts/render.ts";
import {
  expectedScore,
  likelierRelevance,
  massFloor,
  median,
  offTopicCap,
  parseRelevance,
  parseRelevanceStart,
  parseScoreJson,
  type Relevance,
} from "./scoring.ts";

type Ask = Account["ask"];

type Score = Pick<Judgement, "score" | "method" | "mass" | "samples">;

/**
 * Judges one item. What goes wrong with this item only becomes its `error`; what ends the run is thrown.
 * `coherence` with a question asks two things at once: grammar, and whether the answer engages (off-topic: at most 50).
 */
export async function judgeItem(
  item: JudgeItem,
  transport: JudgeTransport,
  method: JudgeMethod,
  open: (requests: readonly CompletionRequest[]) => Promise<Account>,
): Promise<Judgement> {
  const paid: Completion[] = [];
  const finish = (outcome: Score & Pick<Judgement, "grammar" | "label" | "error">, truncated: boolean) => ({
    ...outcome,
    truncated,
    promptVersion: promptVersion(transport.promptSet),
    model: transport.model,
    usage: totalUsage(paid),
    costUsd: totalCost(paid, transport.price),
    cached: false,
  });
  let truncated = false;
  let account: Account | undefined;
  try {
    const requests = requestsFor(item, transport.promptSet, method);
    truncated = requests.prepared.truncated;
    const { score, relevance } = requests;
    const opened = await open(relevance ? [...score, relevance] : score);
    account = opened;
    const ask: Ask = async (request) => {
      const completion = await opened.ask(request);
      paid.push(completion);
      return completion;
    };
    const [scored, label] = await settleAll([
      scoreOf(item, score, transport, method, ask),
      relevance ? relevanceOf(relevance, transport, ask) : Promise.resolve(undefined),
    ]);
    return finish(label ? withRelevance(scored, label) : scored, truncated);
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (stopsRun(error)) throw error;
    return finish({ score: null, method, error: error.toJSON() }, truncated);
  } finally {
    account?.close();
  }
}

function withRelevance(score: Score, label: Relevance) {
  const grammar = score.score ?? undefined;
  const capped =
    grammar !== undefined && label === "OFF_TOPIC" ? Math.min(grammar, offTopicCap) : score.score;
  return { ...score, score: capped, grammar, label };
}

/** Like Promise.all, but waits for all before it rejects: what is in flight is paid for and must be counted. */
async function settleAll<T extends readonly unknown[]>(
  promises: {
    [K in keyof T]: Promise<T[K]>;
  },
): Promise<T> {
  await Promise.allSettled(promises);
  return (await Promise.all(promises)) as unknown as T;
}

async function scoreOf(
  item: JudgeItem,
  requests: readonly CompletionRequest[],
  transport: JudgeTransport,
  method: JudgeMethod,
  ask: Ask,
): Promise<Score> {
  const [first] = requests;
  if (method === "json" || !first) return scoreByJson(requests, ask);
  const { firstTokenAlternatives: alternatives } = await ask(first);
  if (alternatives?.length) {
    const floor = item.task === "coherence" ? massFloor.coherence : massFloor.trait;
    const { score, mass } = expectedScore(alternatives, floor);
    if (score === null) throw tooLittleMass(mass, floor, alternatives[0]?.token);
    return { score, method, mass };
  }
  if (transport.promptSet === "builtin-1") throw unparsable("the built-in judge gave no probabilities");
  // A router may send one call to a provider without logprobs: this item goes the other way.
  return scoreByJson(requestsFor(item, transport.promptSet, "json").score, ask);
}

function tooLittleMass(mass: number, floor: number, likeliest: string | undefined): AppError {
  const percent = (share: number) => `${Number((share * 100).toPrecision(3))} %`;
  return unparsable(
    `the judge did not answer with a number: ${percent(mass)} of the probability is on 0-100, at least ${percent(floor)} is needed; its likeliest reply starts with ${JSON.stringify(likeliest?.slice(0, 40) ?? "")}`,
    { mass },
  );
}

/** Median of the samples that could be read; at least two of three must be. */
async function scoreByJson(samples: readonly CompletionRequest[], ask: Ask): Promise<Score> {
  const replies = await settleAll(samples.map(ask));
  const scores = replies.map(({ text }) => parseScoreJson(text)).filter((score) => score !== null);
  if (scores.length * 2 <= replies.length) {
    throw unparsable(
      `the judge did not answer with {"score": n}: ${scores.length} of ${replies.length} replies could be read; the first was ${JSON.stringify(replies[0]?.text.slice(0, 80) ?? "")}`,
    );
  }
  return { score: median(scores), method: "json", samples: scores };
}

async function relevanceOf(
  request: CompletionRequest,
  transport: JudgeTransport,
  ask: Ask,
): Promise<Relevance> {
  const { text, firstTokenAlternatives } = await ask(request);
  const label =
    transport.promptSet === "builtin-1"
      ? (likelierRelevance(firstTokenAlternatives ?? []) ?? parseRelevanceStart(text))
      : parseRelevance(text);
  if (label) return label;
  throw unparsable(
    `the judge answered neither ENGAGES nor OFF_TOPIC but ${JSON.stringify(text.slice(0, 80))}`,
  );
}
