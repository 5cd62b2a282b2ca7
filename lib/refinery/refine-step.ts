import type { BuildPorts } from "#lib/builds/ports.ts";
import { recordAt } from "#lib/builds/read-records.ts";
import { AppError } from "#lib/core/errors.ts";
import type { TeacherAnswer } from "#lib/teacher/contract.ts";
import { checkContract } from "./gates/contract.ts";
import { type GateReport, runGates, unansweredGates } from "./gates/registry.ts";
import { emptyJoinCounts, type Joined, type JoinInputs, join } from "./join.ts";
import type { GatingMode } from "./modes.ts";
import { appendAccepted, appendRejected } from "./outcomes.ts";
import { parseAnswer } from "./parse.ts";
import { refineMessages } from "./prompts.ts";
import {
  type CritiqueRecord,
  critiqueRecordSchema,
  draftRecordSchema,
  type PlanRecord,
  type RejectedRecord,
} from "./records.ts";
import type { Generation } from "./request.ts";
import type { TemplateSet } from "./template-sets.ts";
import { askTeacher, completionOf, inParallel, teacherRecord } from "./work.ts";

const toldIssues = 5;

export interface RefineSettings {
  gating: GatingMode;
  generation: Generation;
  workers: number;
  /** Tells a second try from the first, so that the same answer is not simply given again. */
  attempt: string;
}

/** Refines what the join yields; each answer is accepted or rejected, and written before the next is looked at. */
export async function refineStep(
  inputs: JoinInputs,
  total: number,
  { gating, generation, workers, attempt }: RefineSettings,
  ports: BuildPorts,
): Promise<void> {
  const { output, progress, teacher, now, signal } = ports;
  progress.begin("refine", total);
  await inParallel(join(inputs, emptyJoinCounts()), workers, signal, async (joined) => {
    const { plan, critique, messages } = await read(inputs, joined, generation.templates);
    const answer = await askTeacher(ports, completionOf(messages, generation, plan.id, `refine${attempt}`));
    const origin = { teacher: teacherRecord(teacher.provider, answer), created_at: now().toISOString() };
    const judged = judge(plan, answer, gating);
    if (judged.contract.response && judged.reasons.length === 0) {
      await appendAccepted(output, {
        ...plan,
        response: judged.contract.response,
        teacher: origin.teacher,
        quality: { overall_ok: true, gates: judged.gates },
        created_at: origin.created_at,
      });
      progress.count("accepted");
    } else {
      const { envelopeOk, payloadOk, parseMode, errors } = judged.contract;
      await appendRejected(output, {
        id: plan.id,
        reason_codes: judged.reasons,
        contract: { envelope_ok: envelopeOk, payload_ok: payloadOk, parse_mode: parseMode, errors },
        critique_summary: summaryOf(critique),
        raw_refined_text: answer instanceof AppError ? null : answer.text,
        gates: judged.gates,
        ...origin,
      });
      progress.count("rejected");
      for (const reason of judged.reasons) progress.count(`rejected: ${reason}`);
      if (answer instanceof AppError) progress.failed(plan.id, answer);
    }
    progress.step("refine");
  });
  progress.end("refine");
}

async function read({ drafts, critiques }: JoinInputs, { plan, draft, critique }: Joined, set: TemplateSet) {
  const drafted = await recordAt(drafts.file, draft, draftRecordSchema);
  const criticised =
    critique && critiques ? await recordAt(critiques.file, critique, critiqueRecordSchema) : null;
  return { plan, critique: criticised, messages: refineMessages(plan, drafted, criticised, set) };
}

/** What the gates make of an answer, or of none. */
export function judge(plan: PlanRecord, answer: TeacherAnswer | AppError, gating: GatingMode): GateReport {
  const { category, prompt, payload_type: payloadType } = plan;
  if (!(answer instanceof AppError)) {
    return runGates({ category, prompt, payloadType, answer: parseAnswer(answer.text, gating) });
  }
  const contract = checkContract({ mode: "failed", error: answer.userMessage }, payloadType);
  return {
    contract: { ...contract, errors: [`teacher: ${answer.userMessage}`], reasons: ["teacher_error"] },
    gates: unansweredGates({ payloadType }, answer.userMessage),
    reasons: ["teacher_error"],
  };
}

const severities = ["critical", "high", "medium", "low"];

function summaryOf(critique: CritiqueRecord | null): RejectedRecord["critique_summary"] {
  if (!critique) return null;
  const weight = (severity: string) => {
    const at = severities.indexOf(severity.toLowerCase());
    return at < 0 ? severities.length : at;
  };
  const top = [...critique.issues]
    .sort((a, b) => weight(a.severity) - weight(b.severity))
    .slice(0, toldIssues);
  return {
    verdict: critique.verdict,
    top_issues: top.map(({ type, severity, message }) => ({ type, severity, message })),
  };
}
