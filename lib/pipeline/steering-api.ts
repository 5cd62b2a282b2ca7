import { z } from "zod";
import { judgementSchema } from "#lib/judge/contract.ts";

// GET /api/experiments/{exp}/judge-inputs?trait=&samples=&at=: what the judge was asked of one steered answer.

const judgedTaskSchema = z.object({
  task: z.enum(["answer", "coherence"]),
  /** In the order asked; none where this version does not hold the prompts that were used. */
  prompts: z.array(
    z.object({
      /** `relevance` asks whether the answer engages with its question. */
      purpose: z.enum(["score", "relevance"]),
      /** How often the same was asked. */
      times: z.number(),
      messages: z.array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() })),
    }),
  ),
  /** As the journal beside the results holds it; null where it holds none. */
  judgement: judgementSchema.nullable(),
});
export type JudgedTask = z.infer<typeof judgedTaskSchema>;

export const judgeInputsSchema = z.object({
  judge: z.object({ endpoint: z.string(), model: z.string(), promptVersion: z.string() }),
  /** Where the rubric is from: files of an earlier version do not hold it. */
  rubric: z.enum(["results", "trait folder"]),
  tasks: z.array(judgedTaskSchema),
});
export type JudgeInputs = z.infer<typeof judgeInputsSchema>;
