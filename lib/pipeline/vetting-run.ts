import type { Polarity } from "#lib/core/names.ts";
import { formatJsonl } from "#lib/formats/jsonl.ts";
import type { JudgeItem, Judgement } from "#lib/judge/contract.ts";
import { definitionOf } from "./context.ts";
import type { JudgedScore } from "./events.ts";
import { parseHumanLabels, type VettingKind } from "./human-labels.ts";
import { judgeIdentity, judgeStage } from "./judging.ts";
import { parseRounds, type VettingRound } from "./rounds.ts";
import { itemName, type StageOutcome, type StageScope } from "./stage.ts";
import {
  formatVettingFile,
  type JudgedText,
  parseVettingFile,
  type VettingInput,
  type VettingSummary,
  vettingFile,
} from "./vetting.ts";

export interface VettingRun {
  path: string;
  kind: VettingKind;
  /** In the file's order; a text without an item is an error already (an empty response). */
  texts: { idx: number; polarity: Polarity; text: string; item: JudgeItem | null }[];
  scenarioOf?: NonNullable<VettingInput["scenarioOf"]>;
}

const EMPTY = {
  code: "invalid-input" as const,
  message: "the model answered with nothing",
  userMessage: "the model answered with nothing",
  retryable: false,
};

/** Judges the texts and writes the vetting file and its round; both vetting stages end here. */
export async function runVetting(scope: StageScope, vetting: VettingRun): Promise<StageOutcome> {
  const { path, kind, texts, scenarioOf } = vetting;
  const { run, paths, name } = scope.trait;
  const { artifacts } = run.ports;
  const { onJudgement, flush } = tellScores(scope, vetting);
  const items = texts.flatMap(({ item }) => (item ? [item] : []));
  const judgements = await judgeStage(scope, items, paths.vettingJudgements, onJudgement).finally(flush);
  const { judged, retry } = judgedTexts(scope, texts, judgements);
  const judge = { ...(await judgeIdentity(run)) };
  const asked = [...judgements.values()].filter(({ cached }) => !cached).length;
  const { pos_threshold, neg_threshold } = run.config;
  const text = await artifacts.update(path, async (before) => {
    const file = vettingFile({
      experiment: run.spec.experiment,
      trait: name,
      definition: definitionOf(scope.trait),
      thresholds: { pos_threshold, neg_threshold },
      judge,
      kind,
      judged,
      ...(scenarioOf ? { scenarioOf } : {}),
      labels: parseHumanLabels(await artifacts.readText(paths.humanLabels), paths.humanLabels),
      previous: before === null ? null : parseVettingFile(before, path),
    });
    const after = formatVettingFile(file);
    // Before the file: a kill between the two costs no round, and the run that goes on replaces its own.
    if (asked > 0 || after !== before) await keepRound(scope, kind, asked, file.summary);
    return after;
  });
  const { positive_passed, positive_failed, negative_passed, negative_failed, errors } = parseVettingFile(
    text,
    path,
  ).summary;
  return { counts: { positive_passed, positive_failed, negative_passed, negative_failed, errors }, retry };
}

function judgedTexts(scope: StageScope, texts: VettingRun["texts"], judgements: Map<string, Judgement>) {
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
  return { judged, retry };
}

// Known judgements come by the thousand; what is paid for is told at once.
const TOLD_TOGETHER = 500;

/** Tells every score as it comes, for whoever looks at the trait meanwhile. */
function tellScores({ trait: { run, name }, stage }: StageScope, { texts, scenarioOf }: VettingRun) {
  const byItem = new Map(texts.flatMap((text) => (text.item ? [[text.item.id, text] as const] : [])));
  let scores: JudgedScore[] = [];
  const flush = () => {
    if (scores.length === 0) return;
    run.ports.emit({ at: run.ports.now().toISOString(), kind: "judged", trait: name, stage, scores });
    scores = [];
  };
  const onJudgement = (item: JudgeItem, { score, cached }: Judgement) => {
    const text = byItem.get(item.id);
    if (!text) return;
    const { polarity, idx } = text;
    const scenario = scenarioOf?.(polarity, idx)?.scenario;
    scores.push({ polarity, idx, text: text.text, ...(scenario === undefined ? {} : { scenario }), score });
    if (!cached || scores.length === TOLD_TOGETHER) flush();
  };
  return { onJudgement, flush };
}

async function keepRound(
  { trait: { run, paths } }: StageScope,
  kind: VettingKind,
  asked: number,
  summary: VettingSummary,
): Promise<void> {
  const { artifacts, now } = run.ports;
  const passed = summary.positive_passed + summary.negative_passed;
  const failed = summary.positive_failed + summary.negative_failed;
  await artifacts.update(paths.rounds, (text) => {
    const before = parseRounds(text, paths.rounds);
    const own = (round: VettingRound) => round.run_id === run.spec.run_id && round.kind === kind;
    const round: VettingRound = {
      at: now().toISOString(),
      run_id: run.spec.run_id,
      kind,
      texts: passed + failed + summary.errors,
      judged: asked + (before.find(own)?.judged ?? 0),
      passed,
      failed,
      errors: summary.errors,
      pass_rate: summary.pass_rate ?? null,
    };
    return formatJsonl([...before.filter((each) => !own(each)), round]);
  });
}
