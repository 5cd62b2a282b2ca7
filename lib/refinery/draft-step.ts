import type { BuildPorts, LineFile } from "#lib/builds/ports.ts";
import { readRecord } from "#lib/builds/read-records.ts";
import { AppError } from "#lib/core/errors.ts";
import { formatJsonl } from "#lib/formats/jsonl.ts";
import { unparsable } from "#lib/judge/errors.ts";
import { emptyJoinCounts, planRecords, type Told } from "./join.ts";
import { wholeLines } from "./output-files.ts";
import { parseAnswer } from "./parse.ts";
import { draftMessages } from "./prompts.ts";
import { draftRecordSchema, type PlanRecord } from "./records.ts";
import type { Generation } from "./request.ts";
import { draftTemplate, templateVersion } from "./templates.ts";
import { askTeacher, completionOf, inParallel, teacherRecord } from "./work.ts";

export interface StepSettings {
  generation: Generation;
  workers: number;
  /** Null: every plan record. */
  wanted: ReadonlySet<string> | null;
  /** Records with an outcome: nothing is written for them any more. */
  settled: ReadonlySet<string>;
}

/** Writes a draft for every plan record that `path` has none for; one that fails is told, and the rest go on. */
export async function draftStep(
  plan: LineFile,
  path: string,
  { generation, workers, wanted, settled }: StepSettings,
  ports: BuildPorts,
  onUnreadable: Told = () => {},
): Promise<void> {
  const { output, progress, teacher, now, signal } = ports;
  const written = await idsIn(ports, path);
  const isDone = (id: string) => written.has(id) || settled.has(id);
  let total = 0;
  let before = 0;
  const isWanted = ({ id }: PlanRecord) => !wanted || wanted.has(id);
  for await (const record of planRecords(plan, emptyJoinCounts(), onUnreadable)) {
    if (!isWanted(record)) continue;
    total++;
    if (isDone(record.id)) before++;
  }
  progress.begin("drafts", total, before);
  async function* missing() {
    for await (const record of planRecords(plan, emptyJoinCounts())) {
      if (isWanted(record) && !isDone(record.id)) yield record;
    }
  }
  await inParallel(missing(), workers, signal, async (record) => {
    const answer = await askTeacher(
      ports,
      completionOf(draftMessages(record, generation.templates), generation, record.id, "draft"),
    );
    const text = answer instanceof AppError ? "" : answer.text.trim();
    if (answer instanceof AppError || text === "") {
      progress.failed(
        `draft of ${record.id}`,
        answer instanceof AppError ? answer : unparsable("the teacher answered with nothing"),
      );
      progress.count("drafts failed");
    } else {
      const parsed = parseAnswer(text, "lenient");
      const draft = {
        id: record.id,
        template_version: templateVersion(generation.templates),
        template_name: `${draftTemplate(record.payload_type)}.txt`,
        ...(parsed.mode === "failed" ? { raw_text: text } : { response: parsed.value }),
        teacher: teacherRecord(teacher.provider, answer),
        created_at: now().toISOString(),
      };
      await output.append(path, formatJsonl([draft]));
    }
    progress.step("drafts");
  });
  progress.end("drafts");
}

/** The ids that a file of drafts, which a build writes, has already. */
async function idsIn({ output }: BuildPorts, path: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const line of wholeLines(output, path)) ids.add(readRecord(line, path, draftRecordSchema).id);
  return ids;
}
