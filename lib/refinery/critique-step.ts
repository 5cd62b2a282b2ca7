import type { BuildPorts, LineFile, Place } from "#lib/builds/ports.ts";
import { readRecord, recordAt } from "#lib/builds/read-records.ts";
import { AppError, throwIfAborted } from "#lib/core/errors.ts";
import { formatJsonl } from "#lib/formats/jsonl.ts";
import { unparsable } from "#lib/judge/errors.ts";
import type { StepSettings } from "./draft-step.ts";
import { type DraftIndex, emptyJoinCounts, planRecords } from "./join.ts";
import { wholeLines } from "./output-files.ts";
import { parseAnswer } from "./parse.ts";
import { contractOfDraft, critiqueMessages } from "./prompts.ts";
import { critiqueBodySchema, critiqueRecordSchema, draftRecordSchema, type PlanRecord } from "./records.ts";
import { askTeacher, completionOf, inParallel, teacherRecord } from "./work.ts";

/** Writes a critique of every draft that `path` has none for; one that fails is told, and the rest go on. */
export async function critiqueStep(
  plan: LineFile,
  drafts: DraftIndex,
  path: string,
  { generation, workers, wanted, settled }: StepSettings,
  ports: BuildPorts,
): Promise<void> {
  const { output, progress, teacher, now, signal } = ports;
  const done = new Set(settled);
  for await (const line of wholeLines(output, path)) {
    done.add(readRecord(line, path, critiqueRecordSchema).id);
  }
  async function* drafted(): AsyncIterable<{ record: PlanRecord; place: Place }> {
    for await (const record of planRecords(plan, emptyJoinCounts())) {
      const place = drafts.entries.get(record.id);
      if (place && (!wanted || wanted.has(record.id))) yield { record, place };
    }
  }
  async function* missing() {
    for await (const one of drafted()) if (!done.has(one.record.id)) yield one;
  }
  let total = 0;
  let before = 0;
  for await (const { record } of drafted()) {
    throwIfAborted(signal);
    total++;
    if (done.has(record.id)) before++;
  }
  progress.begin("critiques", total, before);
  await inParallel(missing(), workers, signal, async ({ record, place }) => {
    const draft = await recordAt(drafts.file, place, draftRecordSchema);
    const request = completionOf(
      critiqueMessages(record, draft, generation.templates),
      generation,
      record.id,
      "critique",
    );
    const answer = await askTeacher(ports, request);
    const critique = answer instanceof AppError ? answer : readCritique(answer.text);
    if (critique instanceof AppError || answer instanceof AppError) {
      progress.failed(`critique of ${record.id}`, critique as AppError);
      progress.count("critiques failed");
    } else {
      const { envelopeOk, payloadOk, errors } = contractOfDraft(record, draft);
      const row = {
        ...critique,
        id: record.id,
        schema: { envelope_ok: envelopeOk, payload_ok: payloadOk, errors },
        teacher: teacherRecord(teacher.provider, answer),
        created_at: now().toISOString(),
      };
      await output.append(path, formatJsonl([row]));
    }
    progress.step("critiques");
  });
  progress.end("critiques");
}

function readCritique(text: string) {
  const parsed = parseAnswer(text, "lenient");
  if (parsed.mode === "failed") return unparsable(`the critique is no JSON: ${parsed.error}`);
  const read = critiqueBodySchema.safeParse(parsed.value);
  if (read.success) return read.data;
  return unparsable("the critique has no verdict of pass, revise or reject");
}
