import { z } from "zod";
import type { CompletionRequest } from "#lib/judge/contract.ts";
import { knownPrice } from "#lib/judge/prices.ts";
import type { TeacherSettings } from "#lib/teacher/settings.ts";
import type { PersonaPrompts } from "./persona-prompts.ts";
import type { RejectionReason } from "./records.ts";
import type { StreamedScenario } from "./scenarios/stream.ts";

const callsSchema = z.object({ words: z.number(), descriptions: z.number(), reactions: z.number() });

/** What a build would take: an estimate, made without asking anybody. */
export const caaPlanSchema = z.object({
  dataset: z.string(),
  columns: z.record(z.string(), z.string()),
  personalities: z.array(z.string()),
  /** `p2-1@1a2b3c4d` */
  prompts: z.string(),
  provider: z.string(),
  models: z.array(z.string()),
  /** Rows that were looked at; `all` where these are all. */
  rows: z.object({ read: z.number().int(), all: z.boolean(), total: z.number().int().nullable() }),
  /** Of a dataset; null where the rows looked at are not enough to tell. */
  samples: z.number().int().nullable(),
  characters: z.number().int(),
  rejected: z.record(z.string(), z.number().int()),
  calls: callsSchema,
  tokens: z.object({ prompt: z.number(), completion: z.number() }),
  /** Null where the first model's price is not known. */
  cost_usd: z.number().nullable(),
});
export type CaaPlan = z.infer<typeof caaPlanSchema>;

export interface PlanInput {
  dataset: string;
  columns: Record<string, string>;
  personalities: readonly string[];
  teacher: TeacherSettings;
  limit: number | null;
  rows: number | null;
  /** Of each personality, in order. */
  prompts: readonly PersonaPrompts[];
  scenarios: AsyncIterable<StreamedScenario>;
}

/** More rows are not read for an estimate. */
const MOST_ROWS = 5_000;
/** Tokens of a usual answer. */
const TYPICAL = { words: 30, description: 70, reaction: 35 };

export async function planBuild(input: PlanInput): Promise<CaaPlan> {
  const { personalities, teacher, limit, rows: total, prompts } = input;
  const looked = await lookAt(input.scenarios, limit);
  const first = prompts[0];
  const price =
    teacher.provider === "builtin" ? { prompt: 0, completion: 0 } : knownPrice(teacher.models[0] ?? "");
  const calls = { words: 0, descriptions: 0, reactions: 0 };
  const tokens = { prompt: 0, completion: 0 };
  const samples = looked.scenarios.length;
  for (const persona of prompts) {
    const example = looked.scenarios[0];
    if (!example) break;
    const words = await persona.words();
    const description = await persona.description("positive", example.name, "kind, warm, patient, friendly");
    const add = (what: keyof typeof calls, times: number, request: CompletionRequest, completion: number) => {
      calls[what] += times;
      tokens.prompt += times * promptTokens(request);
      tokens.completion += times * completion;
    };
    if ("ask" in words) add("words", 1, words.ask, TYPICAL.words);
    if ("ask" in description)
      add("descriptions", 2 * looked.characters, description.ask, TYPICAL.description);
    const told = "text" in description ? description.text : "x".repeat(4 * TYPICAL.description);
    const of = { ...example, situation: "x".repeat(looked.meanLength) };
    add("reactions", 2 * samples, await persona.reaction("positive", of, told, ""), TYPICAL.reaction);
  }
  return {
    dataset: input.dataset,
    columns: input.columns,
    personalities: [...personalities],
    prompts: first?.version ?? "",
    provider: teacher.provider,
    models: teacher.models,
    rows: { read: looked.read, all: looked.all, total: looked.all ? looked.read : total },
    samples: looked.all || (limit !== null && samples === limit) ? samples : null,
    characters: looked.characters,
    rejected: Object.fromEntries(looked.rejected),
    calls,
    tokens,
    cost_usd: price && (tokens.prompt * price.prompt + tokens.completion * price.completion) / 1e6,
  };
}

async function lookAt(scenarios: AsyncIterable<StreamedScenario>, limit: number | null) {
  const kept: { situation: string; name: string; question: string | null }[] = [];
  const rejected = new Map<RejectionReason, number>();
  let read = 0;
  let all = true;
  for await (const { scenario, rejection } of scenarios) {
    if (kept.length === limit || read === MOST_ROWS) {
      all = false;
      break;
    }
    read++;
    if (rejection) rejected.set(rejection.reason, (rejected.get(rejection.reason) ?? 0) + 1);
    else if (scenario) kept.push(scenario);
  }
  const characters = new Set(kept.map(({ name }) => name)).size;
  const length = kept.reduce(
    (sum, { situation, question }) => sum + situation.length + (question ?? "").length,
    0,
  );
  return {
    scenarios: kept,
    rejected,
    read,
    all,
    characters,
    meanLength: Math.round(length / Math.max(1, kept.length)),
  };
}

/** About a quarter of a token a byte. */
function promptTokens({ messages }: CompletionRequest): number {
  const bytes = messages.reduce((sum, { content }) => sum + new TextEncoder().encode(content).length, 0);
  return Math.ceil(bytes / 4) + 8 * messages.length;
}
