import type { ChatMessage } from "#lib/judge/contract.ts";
import { checkContract } from "./gates/contract.ts";
import { parseAnswer } from "./parse.ts";
import type { CritiqueRecord, DraftRecord, PlanRecord } from "./records.ts";
import { payloadSchemas } from "./schemas/schemas.ts";
import type { TemplateSet } from "./template-sets.ts";
import { draftTemplate, messagesOf } from "./templates.ts";

export function draftMessages(plan: PlanRecord, set: TemplateSet): ChatMessage[] {
  return messagesOf(set, "writer", draftTemplate(plan.payload_type), {
    request: plan.prompt,
    category: plan.category,
    difficulty: plan.difficulty,
    regions: plan.region_tags.join(", ") || "none given",
  });
}

export function critiqueMessages(plan: PlanRecord, draft: DraftRecord, set: TemplateSet): ChatMessage[] {
  const { errors } = contractOfDraft(plan, draft);
  return messagesOf(set, "critic", "critique", {
    request: plan.prompt,
    type: plan.payload_type,
    schema: schemaText(plan),
    draft: draftText(draft),
    contract: errors.length > 0 ? errors.join("\n") : "It holds the contract.",
  });
}

export function refineMessages(
  plan: PlanRecord,
  draft: DraftRecord,
  critique: CritiqueRecord | null,
  set: TemplateSet,
): ChatMessage[] {
  return messagesOf(set, "writer", "refine", {
    request: plan.prompt,
    draft: draftText(draft),
    critique: critiqueText(critique),
    type: plan.payload_type,
    schema: schemaText(plan),
  });
}

/** A draft as a text: what is shown, and what the teacher reads. */
export function draftText({ response, raw_text }: DraftRecord): string {
  if (typeof response === "string") return response;
  return response === undefined || response === null ? (raw_text ?? "") : JSON.stringify(response, null, 1);
}

/** How far a draft keeps the contract already. */
export function contractOfDraft({ payload_type }: PlanRecord, draft: DraftRecord) {
  return checkContract(parseAnswer(draftText(draft), "lenient"), payload_type);
}

function schemaText({ payload_type }: PlanRecord): string {
  const { $schema, $id, title, ...schema } = payloadSchemas[payload_type];
  return JSON.stringify(schema);
}

function critiqueText(critique: CritiqueRecord | null): string {
  if (!critique) {
    return "There is no critique: check the draft yourself against the request and the rules, and mend what is wrong.";
  }
  const { verdict, rewrite_instructions, issues, verification } = critique;
  const suggested = verification?.suggested_steps;
  return [
    `Verdict: ${verdict}`,
    ...listed("Instructions", rewrite_instructions),
    ...listed(
      "Issues",
      issues.map(
        ({ type, severity, message, evidence_path }) =>
          `${type} (${severity}): ${message}${evidence_path ? ` [${evidence_path}]` : ""}`,
      ),
    ),
    ...listed("Verification steps to add", Array.isArray(suggested) ? suggested.map(String) : []),
  ].join("\n");
}

function listed(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `- ${line}`)];
}
