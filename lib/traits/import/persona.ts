import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import type { TraitTexts } from "../document.ts";
import { normaliseText } from "../lines.ts";
import { formatScenarios } from "../scenario.ts";
import { formatSteering } from "../steering-file.ts";

const filled = z.string().refine((text) => text.trim() !== "", { message: "is blank" });
const personaSchema = z.looseObject({
  instruction: z.array(z.looseObject({ pos: filled, neg: filled })).min(1),
  questions: z.array(filled).min(1),
  eval_prompt: filled,
});

/** persona_vectors' trait JSON (formats.md section 3), with the fields that are not known. */
export type PersonaTrait = z.output<typeof personaSchema>;

/** Throws `invalid-file` naming the field. */
export function readPersonaTrait(text: string, file: string): PersonaTrait {
  let value: unknown;
  try {
    value = JSON.parse(normaliseText(text));
  } catch (cause) {
    const problem = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, " ");
    throw new AppError("invalid-file", `${file}: malformed JSON: ${problem}`, { cause });
  }
  const parsed = personaSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AppError(
      "invalid-file",
      `${file}: ${issue?.path.join(".") || "the whole"}: ${issue?.message ?? "wrong"}; a persona_vectors trait has {"instruction": [{"pos", "neg"}], "questions": ["…"], "eval_prompt": "…"}`,
    );
  }
  return parsed.data;
}

/**
 * A trait of persona_vectors' trait JSON: every question under every instruction, the rubric from its judge prompt;
 * steering.json keeps the questions, the judge prompt and fields that are not known. Throws as `readPersonaTrait`.
 */
export function importPersona(text: string, file: string): TraitTexts {
  const { instruction, ...steering } = readPersonaTrait(text, file);
  const side = (polarity: "pos" | "neg") =>
    formatScenarios(
      instruction.flatMap((pair) =>
        steering.questions.map((prompt) => ({ prompt, system_prompt: pair[polarity] })),
      ),
      "jsonl",
    );
  return {
    "positive.jsonl": side("pos"),
    "negative.jsonl": side("neg"),
    "definition.txt": `${rubricOf(steering.eval_prompt)}\n`,
    "steering.json": formatSteering(steering),
  };
}

/** The judge prompt without its places for question and answer: our judge has its own. */
function rubricOf(prompt: string): string {
  const kept = prompt
    .replace(/\[(\w+)\]\s*\{(?:question|answer)\}\s*\[\/?\1\]/g, "")
    .split("\n")
    .filter((line) => !/\{(question|answer)\}/.test(line))
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
  return kept === "" ? prompt.trim() : kept;
}
