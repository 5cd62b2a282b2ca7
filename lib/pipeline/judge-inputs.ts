import { AppError } from "#lib/core/errors.ts";
import { cacheKey } from "#lib/judge/cache-key.ts";
import type { JudgeItem, Judgement, PromptSet } from "#lib/judge/contract.ts";
import { requestsFor } from "#lib/judge/plan.ts";
import { promptVersion } from "#lib/judge/prompts/render.ts";
import type { SteeringFile, SteeringSample } from "./results.ts";
import { answerItems } from "./steer-judge.ts";
import type { JudgedTask, JudgeInputs } from "./steering-api.ts";

/** What the judge reads besides an answer and its question. */
export interface Rubric {
  definition: string;
  eval_prompt?: string | undefined;
}

/**
 * The prompts a steered answer was judged by, rendered as they were for the judge, and what came of them.
 * @param rubricNow the trait folder's, for results that do not hold theirs
 * @param journal judgements by key
 * Throws `not-found` for results that do not name their judge.
 */
export async function judgeInputs(
  file: SteeringFile,
  sample: SteeringSample,
  rubricNow: Rubric | null,
  journal: ReadonlyMap<string, Judgement>,
): Promise<JudgeInputs> {
  const { judge } = file;
  const rubric = file.rubric ?? rubricNow;
  if (!judge || !rubric) {
    throw new AppError(
      "not-found",
      `these results do not say ${judge ? "by which rubric" : "which judge"} they were judged: run the steer stage again`,
    );
  }
  const { definition, eval_prompt } = rubric;
  const items =
    sample.answer.trim() === ""
      ? []
      : answerItems(
          file.trait.split("/").at(-1) ?? file.trait,
          { definition, evalPrompt: eval_prompt },
          { id: "sample", question: sample.question, text: sample.answer },
        );
  const { endpoint, model, promptVersion: version } = judge;
  return {
    judge: { endpoint, model, promptVersion: version },
    rubric: file.rubric ? "results" : "trait folder",
    tasks: await Promise.all(items.map((item) => judgedTask(item, judge, journal))),
  };
}

async function judgedTask(
  item: JudgeItem,
  { endpoint, model, promptVersion: version }: { endpoint: string; model: string; promptVersion: string },
  journal: ReadonlyMap<string, Judgement>,
): Promise<JudgedTask> {
  const task = item.task === "coherence" ? "coherence" : "answer";
  const promptSet = (["standard-1", "builtin-1"] as const).find(
    (set): set is PromptSet => promptVersion(set) === version,
  );
  if (!promptSet) return { task, prompts: [], judgement: null };
  const judgement = journal.get(await cacheKey(item, { id: endpoint, model, promptSet })) ?? null;
  const { score, relevance } = requestsFor(item, promptSet, judgement?.method ?? "logprobs");
  const prompts = [
    { purpose: "score" as const, times: score.length, messages: score[0]?.messages ?? [] },
    ...(relevance ? [{ purpose: "relevance" as const, times: 1, messages: relevance.messages }] : []),
  ];
  return { task, prompts, judgement };
}
