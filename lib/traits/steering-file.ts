import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { decodeText } from "./lines.ts";

const steeringSchema = z.looseObject({
  questions: z
    .array(z.string().refine((text) => text.trim() !== "", { message: "a question is blank" }))
    .min(1, { message: "at least one question is needed" }),
  /** May hold `{question}` and `{answer}`. */
  eval_prompt: z.string().optional(),
});

/** `steering.json`: what the steered model is asked, and optionally how its answers are judged. Unknown fields are kept. */
export type SteeringFile = z.infer<typeof steeringSchema>;

/** Reads steering.json. Throws `invalid-file` naming file, line (malformed JSON) or field. */
export function parseSteering(data: Uint8Array | string, file: string): SteeringFile {
  const text = decodeText(data, file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const problem = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, " ");
    throw new AppError("invalid-file", `${file}:${errorLine(problem, text)}: malformed JSON: ${problem}`, {
      cause,
    });
  }
  const parsed = steeringSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError(
    "invalid-file",
    `${file}: ${issue?.path.join(".") || "the whole"}: ${issue?.message ?? "wrong"}; write {"questions": ["…"]}`,
  );
}

// V8 tells a position or a line, or neither where the text simply ends: then it is the last line.
function errorLine(problem: string, text: string): number {
  const line = /line (\d+)/.exec(problem)?.[1];
  if (line !== undefined) return Number(line);
  const position = /position (\d+)/.exec(problem)?.[1];
  const before = position === undefined ? text : text.slice(0, Number(position));
  return before.split("\n").length;
}

/** The text `parseSteering` reads, 2-space indent. */
export function formatSteering(steering: SteeringFile): string {
  return `${JSON.stringify(steering, null, 2)}\n`;
}
