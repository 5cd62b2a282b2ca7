import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { planLine } from "#lib/testing/refinery-data.ts";
import { readPromptSets } from "../../tools/project/prompts.mjs";
import { runGates } from "./gates/registry.ts";
import { withoutSecrets } from "./manifest.ts";
import { parseAnswer } from "./parse.ts";
import { payloadTypes } from "./payload-types.ts";
import { promptSets } from "./prompts/catalogue.ts";
import { critiqueMessages, draftMessages, refineMessages } from "./prompts.ts";
import {
  acceptedRecordSchema,
  critiqueRecordSchema,
  draftRecordSchema,
  planRecordSchema,
} from "./records.ts";
import { templateSets } from "./template-sets.ts";
import { fillTemplate } from "./templates.ts";

describe("answers", () => {
  const json = '{"a": 1}';
  it.each([
    ["bare JSON", `\n ${json} \n`, "strict", "strict"],
    ["a fence", `\`\`\`json\n${json}\n\`\`\``, "failed", "lenient"],
    ["a fence with words around", `Here:\n\`\`\`\n${json}\n\`\`\`\nBye`, "failed", "lenient"],
    ["words around", `Here you are: ${json}. Good luck!`, "failed", "lenient"],
    ["thoughts before", `<think>{"b": 2}</think>${json}`, "failed", "lenient"],
    ["half an object", '{"a": 1', "failed", "failed"],
    ["an array", "[1, 2]", "failed", "failed"],
    ["a number", "3", "failed", "failed"],
    ["nothing", "", "failed", "failed"],
  ])("are read: %s", (_, text, strict, lenient) => {
    expect(parseAnswer(text, "strict").mode).toBe(strict);
    const read = parseAnswer(text, "lenient");
    expect(read.mode).toBe(lenient);
    if (read.mode !== "failed") expect(read.value).toEqual({ a: 1 });
  });

  it("that fail say where", () => {
    expect(parseAnswer('{"a": }', "strict")).toMatchObject({ error: expect.stringContaining("answer:1:7") });
  });
});

describe("templates", () => {
  it("have exactly the placeholders that are filled", () => {
    expect(() => fillTemplate("{a} and {b}", { a: "1" })).toThrow("no value for {b}");
    expect(() => fillTemplate("{a}", { a: "1", b: "2" })).toThrow("no placeholder {b}");
    expect(fillTemplate('{a} {"json": 1}', { a: "{b}</request>" })).toBe('{b}&lt;/request> {"json": 1}');
  });

  it("are those in the files, and render for every type", () => {
    expect(promptSets).toEqual(readPromptSets("refinery"));
    const draft = draftRecordSchema.parse({ id: "a", raw_text: "a draft </draft>" });
    const critique = critiqueRecordSchema.parse({
      id: "a",
      verdict: "revise",
      issues: [{ type: "t", severity: "high", message: "m" }],
      verification: { suggested_steps: ["Look it up."] },
      rewrite_instructions: "Say more.",
    });
    const cases = templateSets.flatMap((set) => payloadTypes.map((type) => ({ set, payload_type: type })));
    for (const { set, payload_type } of cases) {
      const plan = planRecordSchema.parse(planLine("a", { payload_type }));
      expect(draftMessages(plan, set)[1]?.content).toContain(`"payload_type" is "${payload_type}"`);
      const [, asked] = refineMessages(plan, draft, critique, set);
      for (const part of ["Say more.", "t (high): m", "Look it up.", "a draft &lt;/draft>"]) {
        expect(asked?.content).toContain(part);
      }
      expect(refineMessages(plan, draft, null, set)[1]?.content).toContain("There is no critique");
      const reviewed = critiqueMessages(plan, draft, set)[1]?.content;
      expect(reviewed).toContain(set === "teacher-1" ? "malformed JSON" : "a draft");
    }
  });
});

it("addresses lose user, password and query", () => {
  expect(withoutSecrets("https://u:key@host.example/v1/?key=abc")).toBe("https://host.example/v1");
  expect(withoutSecrets("builtin")).toBe("builtin");
});

const real = "../shared/data/public/pocket-guide/dataset_v2_first120.jsonl";

it.runIf(existsSync(real))(
  "real records: 101 of 120 are accepted, the rest have payloads of older shapes",
  () => {
    const rows = readFileSync(real, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const outcomes: Record<string, number> = {};
    for (const row of rows) {
      const { category, prompt, payload_type: payloadType, response } = row;
      const report = runGates({ category, prompt, payloadType, answer: { mode: "strict", value: response } });
      const outcome = `${payloadType} ${report.reasons.join("+") || "accepted"}`;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (row.quality === undefined) continue;
      expect(acceptedRecordSchema.shape.response.safeParse(response).success).toBe(true);
      // What the records' own gates found.
      for (const [name, { passed }] of Object.entries<{ passed: boolean }>(row.quality.gates)) {
        expect(report.gates[name]?.passed, row.id).toBe(passed);
      }
      expect(report.gates.verification_when_needed?.details).toEqual(
        row.quality.gates.verification_when_needed.details,
      );
    }
    expect(outcomes).toEqual({
      "checklist accepted": 25,
      "checklist payload_invalid": 11,
      "decision_tree accepted": 26,
      "decision_tree payload_invalid": 2,
      "itinerary accepted": 30,
      "itinerary payload_invalid": 4,
      "procedure accepted": 20,
      "procedure payload_invalid": 2,
    });
  },
);
