import { z } from "zod";
import type { BuildPorts, OutputFolder } from "#lib/builds/ports.ts";
import { readRecord } from "#lib/builds/read-records.ts";
import { AppError } from "#lib/core/errors.ts";
import { hashSeed } from "#lib/core/rng.ts";
import { formatJsonl } from "#lib/formats/jsonl.ts";
import { unparsable } from "#lib/judge/errors.ts";
import { wholeLines } from "./output-files.ts";
import { parseAnswer } from "./parse.ts";
import { type PlanRecord, planRecordSchema, teacherRecordSchema } from "./records.ts";
import type { Generation, Planning } from "./request.ts";
import type { TemplateSet } from "./template-sets.ts";
import { draftTemplate, messagesOf, templateVersion } from "./templates.ts";
import { askTeacher, completionOf, inParallel, teacherRecord } from "./work.ts";

/** Of one topic: its records are written together or not at all. */
const plannedSchema = planRecordSchema.extend({
  topic: z.string(),
  /** How many records the topic has. */
  of_topic: z.number().int(),
  teacher: teacherRecordSchema,
});

const repliedSchema = z.object({ requests: z.array(z.unknown()) });

/** Tokens of a planned request and its labels, generously. */
const tokensPerRequest = 200;

/** Asks for requests about every topic that `path` has none for; a topic that fails is told, and the rest go on. */
export async function planStep(
  planning: Planning,
  path: string,
  { generation, workers }: { generation: Generation; workers: number },
  ports: BuildPorts,
): Promise<void> {
  const { output, progress, teacher, signal, now } = ports;
  const done = await plannedTopics(output, path);
  const topics = [...new Set(planning.topics)];
  const missing = topics.filter((topic) => !done.has(topic));
  progress.begin("plan", topics.length, topics.length - missing.length);
  async function* source() {
    yield* missing;
  }
  await inParallel(source(), workers, signal, async (topic) => {
    const { count } = planning;
    const enough = { ...generation, max_tokens: Math.max(generation.max_tokens, count * tokensPerRequest) };
    const request = completionOf(planMessages(topic, planning, generation.templates), enough, topic, "plan");
    const answer = await askTeacher(ports, request);
    const planned =
      answer instanceof AppError ? answer : readPlan(answer.text, topic, planning, generation.templates);
    if (planned instanceof AppError || answer instanceof AppError) {
      progress.failed(`topic ${JSON.stringify(topic.slice(0, 80))}`, planned as AppError);
      progress.count("topics failed");
    } else {
      if (planned.length < count) {
        progress.notice(
          `topic ${JSON.stringify(topic.slice(0, 80))}: ${planned.length} of ${count} requests could be read`,
        );
      }
      const shared = { teacher: teacherRecord(teacher.provider, answer), created_at: now().toISOString() };
      await output.append(path, formatJsonl(planned.map((record) => ({ ...record, ...shared }))));
    }
    progress.step("plan");
  });
  progress.end("plan");
}

export function planMessages(topic: string, { count, payload_types }: Planning, set: TemplateSet) {
  return messagesOf(set, "planner", "plan", { topic, count: String(count), types: payload_types.join(", ") });
}

/** The topics whose records are all there; those of a topic that a kill cut short are taken away. */
async function plannedTopics(output: OutputFolder, path: string): Promise<Set<string>> {
  const there = new Map<string, { records: number; of: number }>();
  const lines: { topic: string; text: string }[] = [];
  for await (const line of wholeLines(output, path)) {
    const { topic, of_topic } = readRecord(line, path, plannedSchema);
    there.set(topic, { records: (there.get(topic)?.records ?? 0) + 1, of: of_topic });
    lines.push({ topic, text: line.text });
  }
  const whole = new Set([...there].flatMap(([topic, { records, of }]) => (records === of ? [topic] : [])));
  if (whole.size < there.size) {
    const kept = lines.filter(({ topic }) => whole.has(topic));
    await output.write(path, kept.map(({ text }) => `${text}\n`).join(""));
  }
  return whole;
}

function readPlan(
  text: string,
  topic: string,
  planning: Planning,
  set: TemplateSet,
): PlanRecord[] | AppError {
  const parsed = parseAnswer(text, "lenient");
  if (parsed.mode === "failed") return unparsable(`the plan is no JSON: ${parsed.error}`);
  const replied = repliedSchema.safeParse(parsed.value);
  const requested = z.object({
    category: z.string().trim().min(1).catch("general"),
    difficulty: z.string().trim().min(1).catch("medium"),
    region_tags: z.array(z.string()).catch([]),
    payload_type: z.enum(planning.payload_types),
    request: z.string().trim().min(1),
  });
  const found = (replied.data?.requests ?? []).flatMap((one) => requested.safeParse(one).data ?? []);
  if (found.length === 0) {
    return unparsable(
      'the plan holds no request: {"requests": [{"payload_type", "request", …}]} was asked for',
    );
  }
  const kept = found.slice(0, planning.count);
  const hash = hashSeed(topic).toString(16).padStart(8, "0");
  return kept.map(({ request, ...labels }, at) => ({
    id: `${labels.payload_type}_${hash}_${String(at + 1).padStart(2, "0")}`,
    ...labels,
    template_version: templateVersion(set),
    template_name: `${draftTemplate(labels.payload_type)}.txt`,
    prompt: request,
    topic,
    of_topic: kept.length,
  }));
}
