import type { PayloadType } from "#lib/refinery/payload-types.ts";
import type { RefineryMark } from "./refinery-server.ts";

/** A plan record; the marks tell the refinery server what its answers are like. */
export function planLine(
  id: string,
  { marks = [], ...own }: { marks?: RefineryMark[]; category?: string; payload_type?: PayloadType } = {},
) {
  return {
    id,
    category: "transport",
    difficulty: "easy",
    region_tags: ["EU"],
    payload_type: "checklist" as PayloadType,
    template_version: "teacher/v1",
    template_name: "checklist_draft.txt",
    prompt: `How do I get to town (${id})? ${marks.map((mark) => `[[${mark}]]`).join(" ")}`.trim(),
    ...own,
  };
}

export function draftLine(id: string) {
  return { id, response: { summary: `draft of ${id}`, payload: {} } };
}

export function critiqueLine(id: string, verdict: "pass" | "revise" | "reject" = "revise") {
  return {
    id,
    verdict,
    issues: [
      { type: "verification", severity: "high", message: "nothing to check", evidence_path: "payload" },
    ],
    rewrite_instructions: ["Say how to check it."],
  };
}

export function jsonl(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
