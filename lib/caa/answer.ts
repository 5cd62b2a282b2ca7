import type { TeacherAnswer } from "#lib/teacher/contract.ts";
import type { AnswerRecord } from "./records.ts";

/** What is kept of a call, its text apart. */
export function answerRecord(answer: TeacherAnswer): AnswerRecord {
  return {
    model: answer.model,
    attempted_models: answer.attemptedModels,
    request_id: answer.requestId,
    total_time_ms: answer.totalTimeMs,
    prompt_tokens: answer.usage?.promptTokens ?? null,
    completion_tokens: answer.usage?.completionTokens ?? null,
    cost_usd: answer.costUsd,
  };
}
