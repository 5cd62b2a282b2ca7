import { uploadNames } from "#lib/caa/api.ts";
import { bundledScenarios, type CaaRequestInput, caaRequestSchema } from "#lib/caa/request.ts";
import type { Columns } from "#lib/caa/scenarios/columns.ts";
import type { BuildInput } from "#lib/client/builds.ts";
import type { TeacherSettings } from "#lib/teacher/settings.ts";

export const sources = ["bundled", "file", "hub"] as const;
export type Source = (typeof sources)[number];

/** The fields as they are typed. */
export interface CaaForm {
  name: string;
  /** Chosen from the list. */
  known: string[];
  /** Any others, comma-separated. */
  other: string;
  source: Source;
  file: File | null;
  hub: string;
  config: string;
  split: string;
  columns: Columns;
  limit: string;
  seed: string;
  layout: NonNullable<CaaRequestInput["layout"]>;
  checkpoint: string;
}

export const freshForm: CaaForm = {
  name: "",
  known: [],
  other: "",
  source: "bundled",
  file: null,
  hub: "",
  config: "",
  split: "",
  columns: {},
  limit: "100",
  seed: "42",
  layout: "psyctl",
  checkpoint: "100",
};

/** The name that a file has in the build's folder; null where its kind is not read. */
export function uploadNameOf(file: File): (typeof uploadNames)[number] | null {
  const ending = /\.(jsonl|ndjson|csv|parquet)$/i.exec(file.name)?.[1]?.toLowerCase();
  const kind = ending === "ndjson" ? "jsonl" : ending;
  return uploadNames.find((name) => name.endsWith(`.${kind}`)) ?? null;
}

/** The file to be put into the build's folder first. */
export function inputsOf({ source, file }: Pick<CaaForm, "source" | "file">): BuildInput[] {
  const name = source === "file" && file ? uploadNameOf(file) : null;
  return file && name ? [{ file: name, source: file }] : [];
}

/** Which dataset the form means; null while it names none. */
export function sourceOf({ source, file, hub, config, split, columns }: CaaForm) {
  const optional = (text: string) => (text.trim() === "" ? null : text.trim());
  if (source === "bundled") return { dataset: bundledScenarios, columns: {} };
  if (source === "file") {
    const dataset = file && uploadNameOf(file);
    return dataset ? { dataset, columns } : null;
  }
  const dataset = optional(hub);
  return dataset ? { dataset, config: optional(config), split: optional(split), columns } : null;
}

export function personalitiesOf({ known, other }: Pick<CaaForm, "known" | "other">): string[] {
  const typed = other.split(",").map((word) => word.trim());
  return [...known, ...typed.filter((word) => word !== "")];
}

/** The request that the form makes, or what is missing or wrong in it. */
export function requestOf(
  form: CaaForm,
  teacher: TeacherSettings,
): { request: CaaRequestInput; problem: null } | { request: null; problem: string } {
  const source = sourceOf(form);
  const personalities = personalitiesOf(form);
  if (personalities.length === 0) return wrong("Choose a personality, or write one.");
  if (source === null) return wrong(form.source === "file" ? "Choose a file." : "Name a dataset.");
  const request: CaaRequestInput = {
    ...source,
    personalities,
    teacher,
    limit: form.limit.trim() === "" ? null : Number(form.limit),
    seed: Number(form.seed),
    layout: form.layout,
    checkpoint_interval: Number(form.checkpoint),
  };
  const issue = caaRequestSchema.safeParse(request).error?.issues[0];
  return issue ? wrong(`${issue.path.join(" ")}: ${issue.message}`) : { request, problem: null };
}

function wrong(problem: string): { request: null; problem: string } {
  return { request: null, problem };
}

/** A name that is free: `extroversion`, `extroversion-2` … */
export function suggestedName(personalities: readonly string[], taken: ReadonlySet<string>): string {
  const base =
    personalities
      .join("-")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 48) || "dataset";
  for (let at = 1; ; at++) {
    const name = at === 1 ? base : `${base}-${at}`;
    if (!taken.has(name)) return name;
  }
}
