import { AppError } from "#lib/core/errors.ts";
import type { ChatMessage } from "#lib/judge/contract.ts";
import { escapeFences, fill } from "#lib/judge/prompts/render.ts";
import type { PayloadType } from "./payload-types.ts";
import { promptSets } from "./prompts/catalogue.ts";
import type { TemplateSet } from "./template-sets.ts";

/** `teacher-1@1a2b3c4d`: the set and the short hash of its files. */
export function templateVersion(set: TemplateSet): string {
  return promptSets[set].version;
}

type TemplateName = keyof (typeof promptSets)["teacher-1"]["prompts"];

/** What the short templates do without. */
const leftOut: Readonly<Record<TemplateSet, readonly string[]>> = {
  "teacher-1": [],
  "small-1": ["schema", "contract", "category", "difficulty", "regions"],
};

/** The template that a draft of a type is asked with. */
export function draftTemplate(type: PayloadType): `draft-${PayloadType}` {
  return `draft-${type}`;
}

const PLACEHOLDER = /\{([a-z]+)\}/g;

/**
 * A template with its placeholders filled in; texts of others go in as data that cannot close its fence.
 * Throws `internal` for a placeholder without a value, and for a value without a placeholder.
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  const wanted = new Set([...template.matchAll(PLACEHOLDER)].map(([, name]) => name ?? ""));
  const missing = [...wanted].filter((name) => !Object.hasOwn(values, name));
  const unknown = Object.keys(values).filter((name) => !wanted.has(name));
  if (missing.length > 0 || unknown.length > 0) {
    const told = [
      ...missing.map((name) => `no value for {${name}}`),
      ...unknown.map((name) => `no placeholder {${name}}`),
    ];
    throw new AppError("internal", `template: ${told.join(", ")}`);
  }
  const escaped = Object.entries(values).map(([name, text]) => [
    name,
    escapeFences(text.trim().toWellFormed()),
  ]);
  return fill(template, Object.fromEntries(escaped));
}

/** The messages of one call. */
export function messagesOf(
  set: TemplateSet,
  system: "planner" | "writer" | "critic",
  template: TemplateName,
  values: Readonly<Record<string, string>>,
): ChatMessage[] {
  const { prompts } = promptSets[set];
  const used = Object.entries(values).filter(([name]) => !leftOut[set].includes(name));
  return [
    { role: "system", content: prompts[system] },
    { role: "user", content: fillTemplate(prompts[template], Object.fromEntries(used)) },
  ];
}
