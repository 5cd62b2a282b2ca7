import { z } from "zod";
import type { OutputFolder } from "#lib/builds/ports.ts";
import { readRecord } from "#lib/builds/read-records.ts";
import { gateNames } from "./gates/registry.ts";
import type { JoinCounts } from "./join.ts";
import { parseModes } from "./modes.ts";
import { outputFiles, wholeLines } from "./output-files.ts";
import {
  acceptedRecordSchema,
  type GateResults,
  rejectedRecordSchema,
  type TeacherRecord,
  verdicts,
} from "./records.ts";

const tally = z.record(z.string(), z.number().int());

export const statsSchema = z.object({
  /** All outcomes that are in the files, those of earlier starts included. */
  summary: z.object({
    total_attempted: z.number().int(),
    accepted: z.number().int(),
    rejected: z.number().int(),
    /** Null before anything was attempted. */
    acceptance_rate_pct: z.number().nullable(),
  }),
  /** Of the answers that a gate looked at: neither skipped nor without an answer. */
  gate_pass_rates: z.record(
    z.string(),
    z.object({ passed: z.number().int(), evaluated: z.number().int(), rate_pct: z.number().nullable() }),
  ),
  rejection_reasons: tally,
  /** Of all plan records; `none`: without a critique. */
  verdict_distribution: z.record(z.enum([...verdicts, "none"]), z.number().int()),
  /** Of the accepted. */
  category_counts: tally,
  payload_type_counts: tally,
  difficulty_counts: tally,
  /** Which model gave each answer. */
  teacher_model_usage: tally,
  parse_mode_distribution: z.record(z.enum(parseModes), z.number().int()),
  /** By the last start. */
  skipped: z.object({
    critique_reject: z.number().int(),
    missing_inputs: z.number().int(),
    resume: z.number().int(),
  }),
});
export type RefineryStats = z.infer<typeof statsSchema>;

/** Read from the output files, so that they always tell what these hold. */
export async function statsOf(
  output: OutputFolder,
  { verdicts: verdict_distribution, skipped }: JoinCounts,
): Promise<RefineryStats> {
  const stats: RefineryStats = {
    summary: { total_attempted: 0, accepted: 0, rejected: 0, acceptance_rate_pct: null },
    gate_pass_rates: {},
    rejection_reasons: {},
    verdict_distribution,
    category_counts: {},
    payload_type_counts: {},
    difficulty_counts: {},
    teacher_model_usage: {},
    parse_mode_distribution: { strict: 0, lenient: 0, failed: 0 },
    skipped,
  };
  const { summary } = stats;
  for await (const line of wholeLines(output, outputFiles.accepted)) {
    const record = readRecord(line, outputFiles.accepted, acceptedRecordSchema);
    summary.accepted++;
    add(stats.category_counts, record.category);
    add(stats.payload_type_counts, record.payload_type);
    add(stats.difficulty_counts, record.difficulty);
    countGates(stats, record.quality.gates);
    countTeacher(stats, record.teacher);
    const mode = record.quality.gates.contract_ok?.details.parse_mode;
    stats.parse_mode_distribution[mode === "lenient" ? "lenient" : "strict"]++;
  }
  for await (const line of wholeLines(output, outputFiles.rejected)) {
    const record = readRecord(line, outputFiles.rejected, rejectedRecordSchema);
    summary.rejected++;
    for (const reason of record.reason_codes) add(stats.rejection_reasons, reason);
    countGates(stats, record.gates);
    countTeacher(stats, record.teacher);
    if (!record.reason_codes.includes("teacher_error")) {
      stats.parse_mode_distribution[record.contract.parse_mode]++;
    }
  }
  summary.total_attempted = summary.accepted + summary.rejected;
  summary.acceptance_rate_pct = percent(summary.accepted, summary.total_attempted);
  stats.gate_pass_rates = Object.fromEntries(
    gateNames.flatMap((name) => {
      const rate = stats.gate_pass_rates[name];
      return rate ? [[name, { ...rate, rate_pct: percent(rate.passed, rate.evaluated) }]] : [];
    }),
  );
  return stats;
}

function countGates({ gate_pass_rates }: RefineryStats, gates: GateResults): void {
  for (const [name, { passed, reason_code }] of Object.entries(gates)) {
    const rate = gate_pass_rates[name] ?? { passed: 0, evaluated: 0, rate_pct: null };
    gate_pass_rates[name] = rate;
    if (reason_code === "skipped_contract_failed" || reason_code === "teacher_error") continue;
    rate.evaluated++;
    if (passed) rate.passed++;
  }
}

function countTeacher({ teacher_model_usage }: RefineryStats, { selected_model }: TeacherRecord): void {
  if (selected_model !== null) add(teacher_model_usage, selected_model);
}

function add(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((1000 * part) / whole) / 10;
}
