import { AppError } from "#lib/core/errors.ts";
import type {
  Completion,
  CompletionRequest,
  Judgement,
  JudgementCache,
  JudgePorts,
  JudgeTransport,
} from "#lib/judge/contract.ts";
import { toneOf } from "./fake-engine.ts";

/** A judge that counts the planted words of lib/testing/fake-engine.ts; the real judge code scores its probabilities. */
export class FakeJudge implements JudgeTransport {
  readonly id: string;
  readonly model = "fake-judge";
  readonly promptSet = "builtin-1";
  readonly price = { prompt: 0, completion: 0 };
  readonly requests: string[] = [];
  /** Texts that the judge fails on. */
  readonly failing = new Set<string>();
  /** Every request fails: the server is away. */
  unreachable = false;

  constructor(id = "fake") {
    this.id = id;
  }

  async complete({ messages }: CompletionRequest): Promise<Completion> {
    const content = messages.at(-1)?.content ?? "";
    this.requests.push(content);
    if (this.unreachable) {
      throw new AppError("judge-unreachable", "the judge cannot be reached: is it running?", {
        details: { scope: "run" },
      });
    }
    const text = /(?:Text|Scenario): <text>(.*?)<\/text>\n[^\n]*$/s.exec(content)?.[1] ?? "";
    if (this.failing.has(text))
      throw new AppError("judge-rejected", "refused", { details: { scope: "item" } });
    if (content.endsWith("ENGAGES or OFF_TOPIC:"))
      return { text: "ENGAGES", usage: { promptTokens: 1, completionTokens: 1 } };
    const words = text.split(/\s+/);
    const coherent = words.filter((word) => word !== "zz").length / words.length;
    const tone = words.reduce((sum, word) => sum + toneOf(word), 0);
    const score = content.endsWith("The coherence score:")
      ? Math.round(coherent * 90)
      : Math.min(100, Math.max(0, 50 + 15 * tone));
    return {
      text: String(score),
      firstTokenAlternatives: [{ token: String(score), logprob: 0 }],
      usage: null,
    };
  }
}

export class MemoryCache implements JudgementCache {
  readonly held = new Map<string, Judgement>();

  async get(keys: string[]): Promise<Map<string, Judgement>> {
    return new Map(
      keys.flatMap((key) => {
        const judgement = this.held.get(key);
        return judgement ? [[key, judgement] as const] : [];
      }),
    );
  }

  async put(entries: { key: string; judgement: Judgement }[]): Promise<void> {
    for (const { key, judgement } of entries) this.held.set(key, judgement);
  }
}

/** No waiting: a retry comes at once. */
export const noWaiting: JudgePorts = { now: () => 0, sleep: async () => {}, random: () => 0.5 };
