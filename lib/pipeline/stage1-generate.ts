import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { contentHash } from "#lib/core/hash.ts";
import { type Polarity, polarities } from "#lib/core/names.ts";
import { finishReasons, type PromptSource } from "#lib/engine/contract.ts";
import type { Scenario } from "#lib/traits/scenario.ts";
import { scenarioFiles, scenariosOf, type TraitContext } from "./context.ts";
import { askEngine, finishedItems, finishItems, groupSizeFor } from "./items.ts";
import { formatResponses, promptOf, type ResponseEntry } from "./responses.ts";
import { itemName, type Stage, type StageOutcome, type StageScope } from "./stage.ts";

const VERSION = "1";

const generatedSchema = z.object({
  prompt_text: z.string(),
  answer: z.string(),
  prompt_token_ids: z.array(z.number()),
  response_token_ids: z.array(z.number()),
  finish: z.enum(finishReasons),
});
const NOT_FINITE = new AppError(
  "model-unsupported",
  "the model's output stopped being numbers, so its response ends early: use a model with wider numbers (fp32)",
);

type Generated = z.infer<typeof generatedSchema>;

interface GenerateItem {
  key: string;
  polarity: Polarity;
  scenario: Scenario;
  prompt: PromptSource;
}

/**
 * Lets the extraction model complete or answer every scenario, greedily; one that carries its answer is answered with
 * that. Writes responses/pos.json and neg.json.
 */
export const generate: Stage = {
  name: "generate",
  version: VERSION,
  recordKey: () => "generate",

  async prepare(trait) {
    const { run, paths } = trait;
    const items = await generateItems(trait);
    return {
      determinants: [...items.map(({ key }) => key), ...givenEntries(trait)],
      inputs: scenarioFiles(trait),
      outputs: polarities.map((polarity) => paths.responses[polarity]),
      async count() {
        const finished = await finishedItems(
          run.ports.ledger,
          items.map(({ key }) => key),
          generatedSchema,
        );
        const toDo = new Set(items.map(({ key }) => key).filter((key) => !finished.has(key))).size;
        return {
          items: { total: items.length, finished: items.length - toDo, to_do: toDo },
          judge_calls: { to_do: 0, cached: 0 },
          model_rows: toDo,
          cost_usd: 0,
        };
      },
      run: (scope) => runGenerate(scope, items),
    };
  },

  async estimate(trait) {
    return (await this.prepare(trait)).count();
  },
};

/** What the model would write, of the scenarios that it completed before with the same settings. */
export async function knownAnswers(
  trait: TraitContext,
): Promise<{ polarity: Polarity; index: number; answer: string | null }[]> {
  const items = await generateItems(trait);
  const keys = items.map(({ key }) => key);
  const finished = await finishedItems(trait.run.ports.ledger, keys, generatedSchema);
  return items.map(({ key, polarity, scenario }) => ({
    polarity,
    index: scenario.index,
    answer: finished.get(key)?.answer ?? null,
  }));
}

async function generateItems(trait: TraitContext): Promise<GenerateItem[]> {
  const { config } = trait.run;
  const model = await trait.run.identify(config.extraction_model);
  if (!config.base_model && !model.hasChatTemplate) {
    throw new AppError(
      "usage",
      `model ${model.id} has no chat template: pass --base-model to let it complete the scenarios as plain text`,
    );
  }
  const open = scenariosOf(trait).filter(({ scenario }) => scenario.answer === undefined);
  return Promise.all(
    open.map(async ({ polarity, scenario }) => {
      const prompt = promptOf(scenario, config.base_model);
      const key = await contentHash({
        kind: "generate",
        version: VERSION,
        model: model.fingerprint,
        prompt,
        max_new_tokens: config.max_new_tokens,
      });
      return { key, polarity, scenario, prompt };
    }),
  );
}

/** What scenarios carry themselves. */
function givenEntries(trait: TraitContext): { polarity: Polarity; entry: ResponseEntry }[] {
  return scenariosOf(trait).flatMap(({ polarity, scenario }) => {
    const { index, prompt, system_prompt, answer } = scenario;
    if (answer === undefined) return [];
    const entry: ResponseEntry = {
      index,
      question: prompt,
      answer,
      ...(system_prompt ? { system_prompt } : {}),
      given: true,
    };
    return [{ polarity, entry }];
  });
}

async function runGenerate(scope: StageScope, items: GenerateItem[]): Promise<StageOutcome> {
  const { run, paths } = scope.trait;
  const { config, ports } = run;
  const known = await finishedItems(
    ports.ledger,
    items.map(({ key }) => key),
    generatedSchema,
  );
  const failures = new Map<string, AppError>();
  const values = items.every(({ key }) => known.has(key))
    ? known
    : await generateMissing(scope, items, failures);
  const given = givenEntries(scope.trait);
  let tokens = 0;
  let failed = 0;
  for (const polarity of polarities) {
    const generated = items
      .filter((item) => item.polarity === polarity)
      .flatMap(({ key, scenario }) => {
        const value = values.get(key);
        const name = itemName(polarity, scenario.index);
        if (!value) {
          const error = failures.get(key) ?? new AppError("internal", `no generation for ${name}`);
          scope.itemFailed(name, error.toJSON());
          failed += 1;
          return [];
        }
        tokens += value.response_token_ids.length;
        if (value.finish === "not-finite") scope.itemFailed(name, NOT_FINITE.toJSON());
        return [responseEntry(scenario, value)];
      });
    const ready = given.filter((one) => one.polarity === polarity).map(({ entry }) => entry);
    const entries = [...generated, ...ready].sort((a, b) => a.index - b.index);
    await ports.artifacts.write(paths.responses[polarity], formatResponses(entries));
  }
  return {
    counts: {
      responses: items.length + given.length - failed,
      response_tokens: tokens,
      max_new_tokens: config.max_new_tokens,
    },
    retry: failed,
  };
}

/** @param failures takes why an item has no value, by key */
async function generateMissing(scope: StageScope, items: GenerateItem[], failures: Map<string, AppError>) {
  const { run } = scope.trait;
  const { config } = run;
  const engine = await run.engine(config.extraction_model);
  const encoded = await engine.encode(items.map(({ prompt }) => prompt));
  const longest = encoded.reduce((most, ids) => Math.max(most, ids.length), 0);
  const groupSize = await groupSizeFor(scope, engine, "generation", longest + config.max_new_tokens);
  return finishItems(scope, {
    items,
    kind: "generate",
    schema: generatedSchema,
    groupSize,
    unit: "responses",
    async compute(group): Promise<(Generated | AppError)[]> {
      const rows = group.map(({ prompt }) => ({ prompt, maxNewTokens: config.max_new_tokens }));
      const generations = await askEngine(scope, (options) => engine.generate(rows, options));
      return generations.map((row) =>
        row instanceof AppError
          ? row
          : {
              prompt_text: row.promptText,
              answer: row.answer,
              prompt_token_ids: row.promptTokens,
              response_token_ids: row.responseTokens,
              finish: row.finish,
            },
      );
    },
    onFailed: ({ key }, error) => failures.set(key, error),
  });
}

/** One entry of pos.json or neg.json. */
export function responseEntry({ index, prompt, system_prompt }: Scenario, value: Generated): ResponseEntry {
  return {
    index,
    question: prompt,
    answer: value.answer,
    full_text: value.prompt_text + value.answer,
    prompt_tokens: value.prompt_token_ids.length,
    response_tokens: value.response_token_ids.length,
    ...(system_prompt ? { system_prompt } : {}),
    finish: value.finish,
    prompt_token_ids: value.prompt_token_ids,
    response_token_ids: value.response_token_ids,
  };
}
