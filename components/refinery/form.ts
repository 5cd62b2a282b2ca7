import type { BuildInput } from "#lib/client/builds.ts";
import type { RefineryWish } from "#lib/client/refinery.ts";
import type { GatingMode } from "#lib/refinery/modes.ts";
import type { PayloadType } from "#lib/refinery/payload-types.ts";
import { refineryRequestSchema } from "#lib/refinery/request.ts";
import type { TeacherSettings } from "#lib/teacher/settings.ts";

export const inputNames = ["plan", "drafts", "critiques"] as const;
export type InputName = (typeof inputNames)[number];

/** Where an input comes from: the teacher, a file of this computer, or an earlier build. */
export interface InputChoice {
  from: "teacher" | "file" | "build";
  file: File | null;
  /** Relative to the build's folder. */
  path: string;
}

/** The fields as they are typed. */
export interface RefineryForm {
  name: string;
  inputs: Record<InputName, InputChoice>;
  /** One a line. */
  topics: string;
  count: string;
  types: PayloadType[];
  gating: GatingMode;
  limit: string;
  maxTokens: string;
  temperature: string;
  topP: string;
}

const byTeacher: InputChoice = { from: "teacher", file: null, path: "" };

export const freshForm: RefineryForm = {
  name: "",
  inputs: { plan: byTeacher, drafts: byTeacher, critiques: byTeacher },
  topics: "",
  count: "5",
  types: ["itinerary", "checklist", "decision_tree", "procedure", "info_card"],
  gating: "strict",
  limit: "",
  maxTokens: "2048",
  temperature: "0.3",
  topP: "0.95",
};

/** The files to be put into the build's folder first. */
export function uploadsOf({ inputs }: RefineryForm): BuildInput[] {
  return inputNames.flatMap((name) => {
    const { from, file } = inputs[name];
    return from === "file" && file ? [{ file: `${name}.jsonl`, source: file }] : [];
  });
}

/** The request that the form makes, or what is missing or wrong in it. */
export function requestOf(
  form: RefineryForm,
  teacher: TeacherSettings,
): { wish: RefineryWish; problem: null } | { wish: null; problem: string } {
  for (const name of inputNames) {
    const { from, file, path } = form.inputs[name];
    if (from === "file" && !file) return wrong(`Choose the file of the ${name}.`);
    if (from === "build" && path === "") return wrong(`Choose the build that has the ${name}.`);
  }
  const topics = form.topics
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (form.inputs.plan.from === "teacher" && topics.length === 0) {
    return wrong("Write at least one topic, or choose a plan.");
  }
  const wish: RefineryWish = {
    plan: fileOf(form, "plan"),
    drafts: fileOf(form, "drafts"),
    critiques: fileOf(form, "critiques"),
    planning: { topics, count: Number(form.count), payload_types: form.types },
    gating_mode: form.gating,
    limit: form.limit.trim() === "" ? null : Number(form.limit),
    generation: {
      max_tokens: Number(form.maxTokens),
      temperature: Number(form.temperature),
      top_p: Number(form.topP),
    },
    teacher,
  };
  const issue = refineryRequestSchema.safeParse(wish).error?.issues[0];
  return issue ? wrong(`${issue.path.join(" ")}: ${issue.message}`) : { wish, problem: null };
}

function fileOf({ inputs }: RefineryForm, name: InputName): string | null {
  const { from, path } = inputs[name];
  return from === "teacher" ? null : from === "file" ? `${name}.jsonl` : path;
}

function wrong(problem: string): { wish: null; problem: string } {
  return { wish: null, problem };
}

/** A name that is free: `refinery-1`, `refinery-2` … */
export function suggestedName(taken: ReadonlySet<string>): string {
  for (let at = 1; ; at++) if (!taken.has(`refinery-${at}`)) return `refinery-${at}`;
}
