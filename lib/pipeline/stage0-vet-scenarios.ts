import type { JudgeItem } from "#lib/judge/contract.ts";
import { scenarioText } from "#lib/traits/scenario.ts";
import { definitionOf, scenarioFiles, scenariosOf, type TraitContext } from "./context.ts";
import { countJudging, judgeIdentity, judgementKeys } from "./judging.ts";
import type { Stage } from "./stage.ts";
import { runVetting } from "./vetting-run.ts";

/** Scores how strongly each scenario's likely completion shows the trait. Reads the scenarios, writes scenario_scores.json. */
export const vetScenarios: Stage = {
  name: "vet-scenarios",
  version: "1",
  recordKey: () => "vet-scenarios",

  async prepare(trait) {
    const { run, paths, folder } = trait;
    const items = scenarioItems(trait);
    const { pos_threshold, neg_threshold } = run.config;
    return {
      determinants: {
        thresholds: { pos_threshold, neg_threshold },
        judge: await judgeIdentity(run),
        items: await judgementKeys(run, items),
      },
      inputs: [...scenarioFiles(trait), `${folder}/definition.txt`],
      outputs: [paths.scenarioScores],
      count: () => countJudging(run, items),
      run: (scope) =>
        runVetting(scope, {
          path: paths.scenarioScores,
          kind: "scenario",
          texts: judgedScenarios(trait).map(({ polarity, scenario }, at) => ({
            idx: scenario.index,
            polarity,
            text: scenarioText(scenario),
            item: items[at] ?? null,
          })),
        }),
    };
  },

  estimate: (trait) => countJudging(trait.run, scenarioItems(trait)),
};

function scenarioItems(trait: TraitContext): JudgeItem[] {
  const definition = definitionOf(trait);
  return judgedScenarios(trait).map(({ polarity, scenario }) => ({
    id: `${polarity}/${scenario.index}`,
    task: "scenario" as const,
    text: scenarioText(scenario),
    trait: trait.id.trait,
    definition,
  }));
}

/** One that carries its answer leaves nothing to expect. */
function judgedScenarios(trait: TraitContext) {
  return scenariosOf(trait).filter(({ scenario }) => scenario.answer === undefined);
}
