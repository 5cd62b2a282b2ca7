import { createRng, hashSeed } from "#lib/core/rng.ts";
import type { Teacher } from "#lib/teacher/contract.ts";
import { answerRecord } from "./answer.ts";
import { canHold } from "./dataset-line.ts";
import type { Asked, DatasetPlan } from "./dataset-plan.ts";
import type { Personas } from "./personas.ts";
import { cleanReaction, reactionProblem } from "./reaction.ts";
import type { RejectedRecord, SampleRecord } from "./records.ts";

/** Asks both characters of a scenario for their reactions. Throws as `Teacher.ask`, once neither is under way any more. */
export async function askReactions(
  { row, id, scenario, key }: Asked,
  plan: Pick<DatasetPlan, "prompts" | "layout" | "settings">,
  ports: { teacher: Teacher; personas: Personas; now(): Date },
): Promise<SampleRecord | RejectedRecord> {
  const { prompts, layout } = plan;
  const side = async (of: "positive" | "neutral") => {
    const description = await ports.personas.description(of, scenario.name);
    return ports.teacher.ask(await prompts.reaction(of, scenario, description, key));
  };
  const [one, two] = await both(side("positive"), side("neutral"));
  const [positive, neutral] = [cleanReaction(one.text), cleanReaction(two.text)];
  const sample: SampleRecord = {
    kind: "sample",
    row,
    id,
    scenario,
    positive,
    neutral,
    first: firstOption(plan, key),
    answers: { positive: answerRecord(one), neutral: answerRecord(two) },
    created_at: ports.now().toISOString(),
  };
  const problem = reactionProblem(positive, neutral);
  const breaks = { reason: "reaction breaks the options", details: "" } as const;
  const why = problem ?? (canHold(sample, layout) ? null : breaks);
  return why ? { kind: "rejected", row, id, scenario, positive, neutral, ...why } : sample;
}

/** By the seed and the scenario alone. */
export function firstOption(
  { settings: { seed, personality } }: Pick<DatasetPlan, "settings">,
  key: string,
): SampleRecord["first"] {
  return createRng(hashSeed(`${personality}\n${key}`, seed))() < 0.5 ? "positive" : "neutral";
}

/** Both, or the first error once both have ended: nothing is left under way. */
async function both<T>(one: Promise<T>, two: Promise<T>): Promise<[T, T]> {
  const [a, b] = await Promise.allSettled([one, two]);
  if (a.status === "rejected") throw a.reason;
  if (b.status === "rejected") throw b.reason;
  return [a.value, b.value];
}
