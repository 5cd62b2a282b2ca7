import { contentHash } from "#lib/core/hash.ts";
import type { Polarity } from "#lib/core/names.ts";
import type { PromptSource } from "#lib/engine/contract.ts";
import type { Scenario } from "#lib/traits/scenario.ts";
import { scenariosOf, type TraitContext } from "./context.ts";
import { promptOf, type ResponseEntry } from "./responses.ts";
import { missingInput } from "./stage.ts";
import { readResponses } from "./stage2-vet-responses.ts";
import { effectiveVerdict, parseVettingFile, type Vetted } from "./vetting.ts";

export const captureVersion = "1";

/** One item whose hidden states are read. */
export interface CaptureItem {
  key: string;
  polarity: Polarity;
  index: number;
  prompt: PromptSource;
  /** Null in prefill-only mode: the scenario itself is read. */
  answer: string | null;
  /** What was generated, where it is known; otherwise the texts are tokenised. */
  tokens: { promptTokens: number[]; responseTokens: number[] } | null;
}

/**
 * What is captured: the responses that passed vetting (all of them without the filter), or in prefill-only mode every scenario.
 * Throws `not-found` when responses or their scores are missing, or the scores are of other responses.
 */
export async function captureItems(trait: TraitContext): Promise<CaptureItem[]> {
  const { config } = trait.run;
  const model = await trait.run.identify(config.extraction_model);
  const keyed = async (item: Omit<CaptureItem, "key">): Promise<CaptureItem> => ({
    ...item,
    key: await contentHash({
      kind: "capture",
      version: captureVersion,
      model: model.fingerprint,
      position: config.position,
      component: config.component,
      input: item.tokens ?? { prompt: item.prompt, answer: item.answer },
    }),
  });
  if (config.prefill_only) {
    return Promise.all(
      scenariosOf(trait).map(({ polarity, scenario }) =>
        keyed({
          polarity,
          index: scenario.index,
          prompt: promptOf(scenario, config.base_model),
          answer: null,
          tokens: null,
        }),
      ),
    );
  }
  const responses = await readResponses(trait, "capture");
  const passed = await passedFilter(trait);
  return Promise.all(
    responses
      .filter(({ polarity, entry }) => passed(polarity, entry))
      .map(({ polarity, entry }) =>
        keyed({
          polarity,
          index: entry.index,
          prompt: promptOf(scenarioOf(entry), config.base_model),
          answer: entry.answer,
          tokens:
            entry.prompt_token_ids && entry.response_token_ids
              ? { promptTokens: entry.prompt_token_ids, responseTokens: entry.response_token_ids }
              : null,
        }),
      ),
  );
}

function scenarioOf({ question, system_prompt }: ResponseEntry): Pick<Scenario, "prompt" | "system_prompt"> {
  return { prompt: question, ...(system_prompt ? { system_prompt } : {}) };
}

async function passedFilter({
  run,
  paths,
}: TraitContext): Promise<(polarity: Polarity, entry: ResponseEntry) => boolean> {
  if (!run.config.vetting_filter || !run.config.vet) return () => true;
  const text = await run.ports.artifacts.readText(paths.responseScores);
  if (text === null) throw missingInput("capture", paths.responseScores, "vet-responses");
  const scores = new Map<string, Vetted>();
  for (const result of parseVettingFile(text, paths.responseScores).results) {
    scores.set(`${result.polarity} ${result.idx}`, result);
  }
  return (polarity, entry) => {
    if (entry.given) return true;
    const result = scores.get(`${polarity} ${entry.index}`);
    if (!result || (result.response !== undefined && result.response !== entry.answer)) {
      throw missingInput(
        "capture",
        `the score of ${polarity} response ${entry.index} in ${paths.responseScores}`,
        "vet-responses",
      );
    }
    return effectiveVerdict(result) === "pass";
  };
}
