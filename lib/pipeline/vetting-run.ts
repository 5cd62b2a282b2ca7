import type { Polarity } from "#lib/core/names.ts";
import type { JudgeItem } from "#lib/judge/contract.ts";
import { definitionOf } from "./context.ts";
import { judgeIdentity, judgeStage } from "./judging.ts";
import { itemName, type StageOutcome, type StageScope } from "./stage.ts";
import { formatVettingFile, type JudgedText, parseVettingFile, vettingFile } from "./vetting.ts";

export interface VettingRun {
  path: string;
  kind: "scenario" | "response";
  /** In the file's order; a text without an item is an error already (an empty response). */
  texts: { idx: number; polarity: Polarity; text: string; item: JudgeItem | null }[];
}

const EMPTY = {
  code: "invalid-input" as const,
  message: "the model answered with nothing",
  userMessage: "the model answered with nothing",
  retryable: false,
};

/** Judges the texts and writes the vetting file; both vetting stages end here. */
export async function runVetting(
  scope: StageScope,
  { path, kind, texts }: VettingRun,
): Promise<StageOutcome> {
  const { run, paths, id, ...trait } = scope.trait;
  const { artifacts } = run.ports;
  const judgements = await judgeStage(
    scope,
    texts.flatMap(({ item }) => (item ? [item] : [])),
    paths.vettingJudgements,
  );
  let retry = 0;
  const judged = texts.map(({ idx, polarity, text, item }): JudgedText => {
    const judgement = item ? judgements.get(item.id) : undefined;
    const error = item ? judgement?.error : EMPTY;
    if (error) scope.itemFailed(itemName(polarity, idx), error);
    if (error && item) retry += 1;
    return {
      idx,
      polarity,
      text,
      judgement: {
        score: judgement?.score ?? null,
        truncated: judgement?.truncated ?? false,
        ...(error ? { error } : {}),
      },
    };
  });
  const before = await artifacts.readText(path);
  const file = vettingFile({
    experiment: run.spec.experiment,
    trait: trait.name,
    definition: definitionOf(scope.trait),
    thresholds: { pos_threshold: run.config.pos_threshold, neg_threshold: run.config.neg_threshold },
    judge: { ...(await judgeIdentity(run)) },
    kind,
    judged,
    previous: before === null ? null : parseVettingFile(before, path),
  });
  await artifacts.write(path, formatVettingFile(file));
  const { positive_passed, positive_failed, negative_passed, negative_failed, errors } = file.summary;
  return { counts: { positive_passed, positive_failed, negative_passed, negative_failed, errors }, retry };
}
