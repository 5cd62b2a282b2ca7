import { contentHash } from "#lib/core/hash.ts";
import type { JudgeItem, JudgeTransport } from "./contract.ts";
import { prepareText, promptVersion } from "./prompts/render.ts";
import { scoringVersion } from "./scoring.ts";

/**
 * What a judgement depends on: the text as it is judged, the rubric, the judge, the prompts and the scoring.
 * The item's id and the run's limits are no part of it. Hex SHA-256.
 */
export function cacheKey(
  item: JudgeItem,
  transport: Pick<JudgeTransport, "id" | "model" | "promptSet">,
): Promise<string> {
  const { text, question } = prepareText(item);
  return contentHash({
    task: item.task,
    text,
    question,
    trait: item.trait,
    definition: item.definition,
    evalPrompt: item.evalPrompt,
    promptVersion: promptVersion(transport.promptSet),
    endpoint: transport.id,
    model: transport.model,
    scoringVersion,
  });
}
