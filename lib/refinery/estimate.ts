import type { OutputFolder } from "#lib/builds/ports.ts";
import { recordAt } from "#lib/builds/read-records.ts";
import type { ChatMessage, TokenPrice } from "#lib/judge/contract.ts";
import { costOf, typicalUsage } from "#lib/judge/prices.ts";
import type { RefineryEstimate } from "./api.ts";
import { type RefineryInputs, refuseOverwriting, retriedIds, wantedIds } from "./inputs.ts";
import { emptyJoinCounts, indexCritiques, indexDrafts, type JoinCounts, join, planRecords } from "./join.ts";
import { settledIds } from "./outcomes.ts";
import { producedFiles } from "./output-files.ts";
import { planMessages } from "./plan-step.ts";
import { critiqueMessages, draftMessages, refineMessages } from "./prompts.ts";
import { critiqueRecordSchema, type DraftRecord, draftRecordSchema, type PlanRecord } from "./records.ts";
import type { RefineryRequest } from "./request.ts";

/** Characters of a request that is not planned yet. */
const typicalRequest = 600;
const charactersPerToken = 4;

/** Checks and counts all that a start would; asks nobody and writes nothing. Throws what the start would throw at once. */
export async function estimateRefinery(
  request: RefineryRequest,
  given: RefineryInputs,
  { output, price }: { output: OutputFolder; price: TokenPrice | null },
): Promise<RefineryEstimate> {
  await refuseOverwriting(output, request);
  const ids = await settledIds(output, { readOnly: true });
  const retried = retriedIds(request.retry, ids);
  const done = new Set([...ids.accepted, ...ids.rejected].filter((id) => !retried.has(id)));
  const sum = new Sum(request.generation.max_tokens);
  const there = async (path: string) => {
    const file = await output.open(path);
    return file && { path, file };
  };
  const plan = given.plan ?? (await there(producedFiles.plan));
  const counts = emptyJoinCounts();
  if (plan) await estimateJoin(request, { ...given, plan }, there, done, counts, sum);
  else estimateTopics(request, counts, sum);
  const { prompt_tokens, longest_prompt_tokens, completion_tokens_at_most } = sum;
  const usage = { promptTokens: prompt_tokens, completionTokens: completion_tokens_at_most };
  return {
    join: counts,
    calls: sum.calls,
    prompt_tokens,
    longest_prompt_tokens,
    completion_tokens_at_most,
    cost_usd_at_most: costOf(usage, price),
    unreadable: sum.unreadable,
  };
}

type Found = { path: string; file: NonNullable<RefineryInputs["plan"]>["file"] } | null;

async function estimateJoin(
  request: RefineryRequest,
  given: RefineryInputs & { plan: NonNullable<RefineryInputs["plan"]> },
  there: (path: string) => Promise<Found>,
  done: ReadonlySet<string>,
  counts: JoinCounts,
  sum: Sum,
): Promise<void> {
  const told = (message: string) => {
    if (sum.unreadable.length < 20) sum.unreadable.push(message);
  };
  const set = request.generation.templates;
  const plan = given.plan.file;
  const draftFile = given.drafts ?? (await there(producedFiles.drafts));
  const critiqueFile = given.critiques ?? (await there(producedFiles.critiques));
  const drafts = draftFile && (await indexDrafts(draftFile.file, told));
  const critiques = critiqueFile && (await indexCritiques(critiqueFile.file, told));
  const wanted = await wantedIds(request, plan, done, {
    drafts: given.drafts && drafts,
    critiques: given.critiques && critiques,
  });
  const known = {
    file: plan,
    entries: new Map(drafts?.entries),
    duplicates: drafts?.duplicates ?? 0,
    unreadable: drafts?.unreadable ?? 0,
  };
  const unwritten = standInDraft(request.generation.max_tokens);
  if (!given.drafts) {
    for await (const record of planRecords(plan, emptyJoinCounts())) {
      if (known.entries.has(record.id) || (wanted && !wanted.has(record.id))) continue;
      known.entries.set(record.id, { number: 0, offset: 0, bytes: 0 });
      sum.add("drafts", draftMessages(record, set));
    }
  }
  const draftOf = (id: string): Promise<DraftRecord> | DraftRecord => {
    const place = drafts?.entries.get(id);
    return drafts && place ? recordAt(drafts.file, place, draftRecordSchema) : unwritten;
  };
  for await (const joined of join({ plan, drafts: known, critiques, done, wanted }, counts, told)) {
    const draft = await draftOf(joined.plan.id);
    const critique =
      joined.critique && critiques
        ? await recordAt(critiques.file, joined.critique, critiqueRecordSchema)
        : null;
    if (!given.critiques && !critique) sum.add("critiques", critiqueMessages(joined.plan, draft, set));
    sum.add("refine", refineMessages(joined.plan, draft, critique, set));
  }
  // Those that are missing are written first.
  if (!given.critiques) counts.missing_critique = 0;
}

function estimateTopics(
  { planning, generation, limit }: RefineryRequest,
  counts: JoinCounts,
  sum: Sum,
): void {
  const set = generation.templates;
  const topics = [...new Set(planning.topics)];
  for (const topic of topics) sum.add("plan", planMessages(topic, planning, set));
  const draft = standInDraft(generation.max_tokens);
  const most = Math.min(topics.length * planning.count, limit ?? Number.POSITIVE_INFINITY);
  for (let at = 0; at < most; at++) {
    const type = planning.payload_types[at % planning.payload_types.length] ?? "checklist";
    const record: PlanRecord = {
      id: String(at),
      category: "",
      difficulty: "",
      region_tags: [],
      payload_type: type,
      template_version: "",
      template_name: "",
      prompt: "x".repeat(typicalRequest),
    };
    sum.add("drafts", draftMessages(record, set));
    sum.add("critiques", critiqueMessages(record, draft, set));
    sum.add("refine", refineMessages(record, draft, null, set));
  }
  counts.planned = topics.length * planning.count;
  counts.left = counts.planned - most;
  counts.to_refine = most;
}

function standInDraft(maxTokens: number): DraftRecord {
  return { id: "x", raw_text: "x".repeat(charactersPerToken * maxTokens) };
}

class Sum {
  readonly calls = { plan: 0, drafts: 0, critiques: 0, refine: 0 };
  readonly unreadable: string[] = [];
  prompt_tokens = 0;
  longest_prompt_tokens = 0;
  completion_tokens_at_most = 0;
  readonly #maxTokens: number;

  constructor(maxTokens: number) {
    this.#maxTokens = maxTokens;
  }

  add(kind: keyof Sum["calls"], messages: ChatMessage[]): void {
    const maxTokens = this.#maxTokens;
    const { promptTokens } = typicalUsage({ messages, maxTokens, temperature: 0, seed: 0 });
    this.calls[kind]++;
    this.prompt_tokens += promptTokens;
    this.longest_prompt_tokens = Math.max(this.longest_prompt_tokens, promptTokens);
    this.completion_tokens_at_most += maxTokens;
  }
}
