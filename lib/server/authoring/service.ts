import type { z } from "zod";
import type {
  BatchResponse,
  batchRequestSchema,
  FixesResponse,
  fixesRequestSchema,
} from "#lib/authoring/api.ts";
import { batchVersion, writeBatch } from "#lib/authoring/batch.ts";
import { fixVersion, suggestFixes } from "#lib/authoring/fix.ts";
import { readSubject, type Subject } from "#lib/authoring/subject.ts";
import type { Teacher } from "#lib/teacher/contract.ts";
import type { TraitTexts } from "#lib/traits/document.ts";
import type { TraitService } from "../traits/service.ts";
import type { Writers } from "./writers.ts";

/** What a writer does for a trait. Nothing is written to a file: the person decides what to take. */
export class AuthoringService {
  readonly #traits: Pick<TraitService, "read">;
  readonly #writers: Writers;

  constructor(traits: Pick<TraitService, "read">, writers: Writers) {
    this.#traits = traits;
    this.#writers = writers;
  }

  /** Throws as `Writers.open` and `writeBatch` do, and `not-found`. */
  async batch(
    trait: string,
    request: z.output<typeof batchRequestSchema>,
    signal: AbortSignal,
  ): Promise<BatchResponse> {
    const subject = await this.#subject(trait, request.texts);
    const writer = await this.#writers.open(request.writer, signal);
    const batch = await writeBatch(subject, request, writer);
    return { ...batch, ...spentBy(writer), prompt_version: batchVersion };
  }

  /** Throws as `Writers.open` and `suggestFixes` do, and `not-found`. */
  async fixes(
    trait: string,
    request: z.output<typeof fixesRequestSchema>,
    signal: AbortSignal,
  ): Promise<FixesResponse> {
    const { passed, seed } = request;
    const subject = await this.#subject(trait, request.texts);
    const writer = await this.#writers.open(request.writer, signal);
    const items = request.items.map(({ failure_kind: failureKind, ...item }) => ({ ...item, failureKind }));
    const fixes = await suggestFixes(subject, { items, passed, seed }, writer);
    return {
      fixes: fixes.map(({ text, ...fix }, at) => {
        const { polarity = "positive", index = 0 } = items[at] ?? {};
        const outcome =
          "error" in fix
            ? { suggestion: null, error: fix.error.toJSON() }
            : { suggestion: fix.suggestion, error: null };
        return { polarity, index, text, ...outcome };
      }),
      ...spentBy(writer),
      prompt_version: fixVersion,
    };
  }

  async #subject(trait: string, texts: TraitTexts | undefined): Promise<Subject> {
    return readSubject(trait, texts ?? (await this.#traits.read(trait)).texts);
  }
}

function spentBy(writer: Teacher): Pick<BatchResponse, "usage" | "cost_usd"> {
  const { usage, costUsd } = writer.spent();
  return {
    usage: usage && { prompt_tokens: usage.promptTokens, completion_tokens: usage.completionTokens },
    cost_usd: costUsd,
  };
}
