import type { BuildPorts } from "#lib/builds/ports.ts";
import { AppError, throwIfAborted } from "#lib/core/errors.ts";
import { hashSeed } from "#lib/core/rng.ts";
import type { ChatMessage, CompletionRequest } from "#lib/judge/contract.ts";
import { stopsRun } from "#lib/judge/errors.ts";
import type { TeacherAnswer } from "#lib/teacher/contract.ts";
import type { TeacherRecord } from "./records.ts";
import type { Generation } from "./request.ts";

/**
 * Works on `workers` items at a time and pulls no more of them than that. After an error, or the signal, what is under way
 * is finished first; then the error is thrown.
 */
export async function inParallel<T>(
  items: AsyncIterable<T>,
  workers: number,
  signal: AbortSignal | undefined,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let failure: { error: unknown } | null = null;
  for await (const item of items) {
    if (failure || signal?.aborted) break;
    const one: Promise<void> = work(item)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => underWay.delete(one));
    underWay.add(one);
    if (underWay.size >= workers) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  const failed = failure as { error: unknown } | null;
  if (failed) throw failed.error;
  throwIfAborted(signal);
}

/** The call that asks for one record. @param attempt tells calls for the same record apart */
export function completionOf(
  messages: ChatMessage[],
  { max_tokens, temperature, top_p }: Generation,
  id: string,
  attempt = "",
): CompletionRequest {
  const seed = hashSeed(`${id}\n${attempt}`) >>> 1;
  return { messages, maxTokens: max_tokens, temperature, topP: top_p, seed };
}

/** The answer, or the error where only this record is at fault. Throws what stops the build. */
export async function askTeacher(
  { teacher, progress }: BuildPorts,
  request: CompletionRequest,
): Promise<TeacherAnswer | AppError> {
  try {
    return await teacher.ask(request);
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (stopsRun(error)) throw error;
    return error;
  } finally {
    progress.spent(teacher.spent());
  }
}

/** Who answered, as records tell it. */
export function teacherRecord(provider: string, answer: TeacherAnswer | AppError): TeacherRecord {
  if (answer instanceof AppError) {
    const attempted = answer.details?.attemptedModels;
    return {
      provider,
      selected_model: null,
      attempted_models: Array.isArray(attempted) ? attempted.map(String) : [],
      request_id: null,
      timing: null,
      usage: null,
    };
  }
  const { usage } = answer;
  return {
    provider,
    selected_model: answer.model,
    attempted_models: answer.attemptedModels,
    request_id: answer.requestId,
    timing: { total_time_ms: Math.round(answer.totalTimeMs) },
    usage: usage && { prompt_tokens: usage.promptTokens, completion_tokens: usage.completionTokens },
  };
}
