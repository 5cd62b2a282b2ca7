import { AppError } from "#lib/core/errors.ts";
import { type Polarity, polarities } from "#lib/core/names.ts";
import { baseModeWords, type JudgeItem } from "#lib/judge/contract.ts";
import { definitionOf, type TraitContext } from "./context.ts";
import { labelKey } from "./human-labels.ts";
import { countJudging, judgeIdentity, judgementKeys } from "./judging.ts";
import { completedScenario, parseResponses, type ResponseEntry } from "./responses.ts";
import { missingInput, type Stage } from "./stage.ts";
import { knownAnswers } from "./stage1-generate.ts";
import type { StageName } from "./stages.ts";
import { effectiveVerdict, parseVettingFile, type VettingInput } from "./vetting.ts";
import { runVetting } from "./vetting-run.ts";

/** Scores how strongly each response shows the trait, the completion alone. Writes response_scores.json. */
export const vetResponses: Stage = {
  name: "vet-responses",
  version: "1",
  recordKey: () => "vet-responses",

  async prepare(trait) {
    const { run, paths, folder } = trait;
    const responses = (await readResponses(trait, "vet-responses")).filter(({ entry }) => !entry.given);
    const texts = responses.map(({ polarity, entry }) => ({
      idx: entry.index,
      polarity,
      text: entry.answer,
      item: responseItem(trait, polarity, entry),
    }));
    const items = texts.flatMap(({ item }) => (item ? [item] : []));
    const { pos_threshold, neg_threshold } = run.config;
    return {
      determinants: {
        thresholds: { pos_threshold, neg_threshold },
        judge: await judgeIdentity(run),
        // The whole text, too: the file shows it, while only its first words may be judged.
        texts: texts.map(({ idx, polarity, text }) => [polarity, idx, text]),
        items: await judgementKeys(run, items),
      },
      inputs: [...polarities.map((polarity) => paths.responses[polarity]), `${folder}/definition.txt`],
      outputs: [paths.responseScores],
      count: () => countJudging(run, items),
      run: async (scope) =>
        runVetting(scope, {
          path: paths.responseScores,
          kind: "response",
          texts,
          scenarioOf: await judgedScenarios(trait, responses),
        }),
    };
  },

  estimate: async (trait) => {
    const { max_new_tokens } = trait.run.config;
    const items = (await knownAnswers(trait)).map(({ polarity, index, answer }) =>
      // Not written yet: another text for each, as long as the model may write.
      responseItem(trait, polarity, {
        index,
        answer: answer ?? `${polarity} ${index} `.padEnd(max_new_tokens * 4, "."),
      }),
    );
    return countJudging(
      trait.run,
      items.flatMap((item) => item ?? []),
    );
  },
};

/** What each response completes, and how that scenario was judged where it was: what a failure's kind rests on. */
async function judgedScenarios(
  { run, paths }: TraitContext,
  responses: { polarity: Polarity; entry: ResponseEntry }[],
): Promise<NonNullable<VettingInput["scenarioOf"]>> {
  const path = paths.scenarioScores;
  const text = await run.ports.artifacts.readText(path);
  const verdicts = new Map(
    (text === null ? [] : parseVettingFile(text, path).results).map((result) => [
      labelKey({ polarity: result.polarity, text: result.scenario ?? "" }),
      effectiveVerdict(result),
    ]),
  );
  const completed = new Map(
    responses.map(({ polarity, entry }) => [`${polarity} ${entry.index}`, completedScenario(entry)]),
  );
  return (polarity, idx) => {
    const scenario = completed.get(`${polarity} ${idx}`) ?? "";
    return { scenario, verdict: verdicts.get(labelKey({ polarity, text: scenario })) ?? null };
  };
}

function responseItem(
  trait: TraitContext,
  polarity: Polarity,
  { index, answer }: Pick<ResponseEntry, "index" | "answer">,
): JudgeItem | null {
  if (answer.trim() === "") return null;
  return {
    id: `${polarity}/${index}`,
    task: "response",
    text: answer,
    trait: trait.id.trait,
    definition: definitionOf(trait),
    ...(trait.run.config.base_model ? { firstWords: baseModeWords } : {}),
  };
}

/** Both response files, positives first. Throws `not-found` (generate first) and `invalid-file` for an index out of range or used twice. */
export async function readResponses(
  { run, paths, trait, folder }: TraitContext,
  stage: StageName,
): Promise<{ polarity: Polarity; entry: ResponseEntry }[]> {
  const found: { polarity: Polarity; entry: ResponseEntry }[] = [];
  for (const polarity of polarities) {
    const path = paths.responses[polarity];
    const text = await run.ports.artifacts.readText(path);
    if (text === null) throw missingInput(stage, path, "generate");
    const seen = new Set<number>();
    for (const entry of parseResponses(text, path)) {
      if (entry.index >= trait[polarity].length || seen.has(entry.index)) {
        const problem = seen.has(entry.index)
          ? "is there twice"
          : `is past the ${trait[polarity].length} ${polarity} scenarios of ${folder}`;
        throw new AppError("invalid-file", `${path}: index ${entry.index} ${problem}: run generate again`);
      }
      seen.add(entry.index);
      found.push({ polarity, entry });
    }
  }
  return found;
}
