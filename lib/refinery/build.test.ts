import { appendFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { openOutput } from "#lib/server/builds/output.ts";
import { RefineryBuild } from "#lib/testing/refinery-build.ts";
import { critiqueLine, draftLine, jsonl, planLine } from "#lib/testing/refinery-data.ts";
import {
  type RefineryMark,
  type RefineryServer,
  refineryMarks,
  startRefineryServer,
} from "#lib/testing/refinery-server.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { guessChoice, previewSource, readSource } from "#lib/traits/import/source.ts";
import { manifestSchema } from "./manifest.ts";
import { acceptedPairs } from "./pairs.ts";
import { acceptedRecordSchema, rejectedRecordSchema } from "./records.ts";

const scratch = temporaryFolder();
let server: RefineryServer;
let builds = 0;
/** What the server does instead of what the marks say. */
let misbehave: Parameters<typeof startRefineryServer>[0] = {};

beforeAll(async () => {
  server = await startRefineryServer({ behave: (...call) => misbehave?.behave?.(...call) });
});
afterAll(() => server.close());

function build(inputs: ConstructorParameters<typeof RefineryBuild>[2]): RefineryBuild {
  builds++;
  misbehave = {};
  return new RefineryBuild(`${scratch}/${builds}`, server.url, inputs);
}
const calls = async (work: () => Promise<unknown>) => {
  const before = server.counts();
  await work();
  const after = server.counts();
  return {
    draft: after.draft - before.draft,
    critique: after.critique - before.critique,
    refine: after.refine - before.refine,
  };
};
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => AppError.from(error),
  );

const accepted = "dataset_v1.jsonl";
const rejected = "dataset_v1_rejected.jsonl";

describe("a build", () => {
  it("has a file of each outcome, also of the one that no record met", async () => {
    const one = build({ plan: [planLine("good")] });
    await one.start();
    expect(one.rows(accepted)).toHaveLength(1);
    expect(one.rows(rejected)).toEqual([]);
    expect(await openOutput(`${scratch}/${builds}`).stat(rejected)).toMatchObject({ bytes: 0 });
  });

  it("drafts, criticises, refines, and tells each outcome by its reason", async () => {
    const pairs = { payload_type: "contrast_pairs", category: "trait" } as const;
    const plan = refineryMarks.map((mark) =>
      planLine(mark, { marks: [mark], ...(mark === "weak" || mark === "finished" ? pairs : {}) }),
    );
    const one = build({ plan: [...plan, planLine("good"), planLine("pairs", pairs)] });
    const { stats, failed, progress } = await one.start();
    expect(one.ids().accepted).toEqual(["good", "no-critique", "pairs"]);
    const reasons = Object.fromEntries(one.rows(rejected).map(({ id, reason_codes }) => [id, reason_codes]));
    expect(reasons).toEqual({
      fence: ["parse_failed"],
      words: ["parse_failed"],
      broken: ["parse_failed"],
      mended: ["parse_failed"],
      envelope: ["envelope_invalid"],
      payload: ["payload_invalid"],
      unverified: ["missing_verification_requirements"],
      certain: ["overconfident_time_sensitive"],
      weak: ["weak_lock_in"],
      finished: ["past_decision_point"],
      refuse: ["teacher_error"],
    });
    // No critique that can be read, and no answer.
    expect(failed).toBe(2);
    expect(progress.failures.map(({ item }) => item)).toEqual(["critique of no-critique", "refuse"]);
    for (const row of one.rows(accepted)) acceptedRecordSchema.strict().parse(row);
    for (const row of one.rows(rejected)) rejectedRecordSchema.strict().parse(row);
    expect(one.rows(rejected).find(({ id }) => id === "refuse")).toMatchObject({
      contract: { parse_mode: "failed", envelope_ok: false, payload_ok: false },
      critique_summary: { verdict: "revise", top_issues: [{ severity: "high" }, { severity: "low" }] },
      raw_refined_text: null,
      teacher: { selected_model: null, attempted_models: ["m"] },
      gates: { verification_when_needed: { reason_code: "skipped_contract_failed" } },
    });
    expect(stats).toMatchObject({
      summary: { total_attempted: 14, accepted: 3, rejected: 11, acceptance_rate_pct: 21.4 },
      verdict_distribution: { pass: 0, revise: 13, reject: 1, none: 1 },
      parse_mode_distribution: { strict: 9, lenient: 0, failed: 4 },
      skipped: { critique_reject: 1, missing_inputs: 0, resume: 0 },
      payload_type_counts: { checklist: 2, contrast_pairs: 1 },
      teacher_model_usage: { m: 13 },
      gate_pass_rates: {
        contract_ok: { passed: 7, evaluated: 13, rate_pct: 53.8 },
        contrast_pairs: { passed: 1, evaluated: 3, rate_pct: 33.3 },
      },
    });
    expect(one.json("dataset_v1_stats.json")).toEqual(stats);
    const text = await acceptedPairs(openOutput(one.folder));
    expect(text).toHaveLength(1);
    const source = readSource([{ path: "pairs.jsonl", bytes: new TextEncoder().encode(jsonl(text)) }]);
    expect(previewSource(source, guessChoice(source))?.pairs).toHaveLength(1);
  });

  it("writes its manifest with hashes, without secrets", async () => {
    const one = build({ plan: [planLine("a")], drafts: [draftLine("a")], critiques: [critiqueLine("a")] });
    await one.start();
    const manifest = one.json("dataset_v1_manifest.json");
    manifestSchema.parse(manifest);
    expect(manifest).toMatchObject({
      inputs: { plan: { path: "in/plan.jsonl" }, drafts: {}, critiques: {} },
      outputs: { accepted: { path: accepted }, stats: {} },
      config: {
        gating_mode: "strict",
        teacher: { rate_limit_rpm: null, generation_config: { top_p: 0.95 } },
      },
      schema_versions: { envelope: "v0", payload: "v1" },
      counts: { attempted: 1, accepted: 1, rejected: 0, skipped_critique_reject: 0, missing_inputs: 0 },
    });
    await one.start({ resume: true });
    expect(one.json("dataset_v1_manifest.json").run_id).toBe(manifest.run_id);
  });

  it("reads fences and words around in lenient mode", async () => {
    const marks: RefineryMark[] = ["fence", "words", "broken"];
    const one = build({
      plan: marks.map((mark) => planLine(mark, { marks: [mark] })),
      drafts: marks.map(draftLine),
    });
    const { stats } = await one.start({ gating_mode: "lenient" });
    expect(one.ids()).toEqual({ accepted: ["fence", "words"], rejected: ["broken"] });
    expect(stats.parse_mode_distribution).toEqual({ strict: 0, lenient: 2, failed: 1 });
  });

  it("plans from topics, and asks for a topic that was cut short again", async () => {
    const one = build({ plan: [] });
    const wish = { plan: null, planning: { topics: ["trams", "ferries"], count: 3 } };
    misbehave = { behave: (kind) => (kind === "plan" ? undefined : { kind: "status", status: 401 }) };
    expect((await failureOf(one.start(wish)))?.code).toMatch(/judge-/);
    const planned = one.rows("plan.jsonl");
    expect(planned).toHaveLength(6);
    expect(planned[0]).toMatchObject({
      payload_type: "itinerary",
      template_name: "draft-itinerary.txt",
      template_version: expect.stringMatching(/^teacher-1@/),
      topic: expect.stringMatching(/trams|ferries/),
    });
    // A kill in the middle of a topic's records: they are planned anew, and none is there twice.
    const lines = readFileSync(`${one.folder}/plan.jsonl`, "utf8").split("\n");
    writeFileSync(`${one.folder}/plan.jsonl`, `${lines.slice(0, 4).join("\n")}\n`);
    misbehave = {};
    await one.start({ ...wish, resume: true });
    expect(new Set(one.rows("plan.jsonl").map(({ id }) => id)).size).toBe(6);
    expect(one.rows("plan.jsonl")).toHaveLength(6);
    expect(one.ids().accepted).toHaveLength(6);
  });

  it("falls back to the next model, and tells both", async () => {
    const one = build({ plan: [planLine("a")], drafts: [draftLine("a")], critiques: [critiqueLine("a")] });
    misbehave = {
      behave: (_, { model }) => (model === "gone" ? { kind: "status", status: 404 } : undefined),
    };
    await one.start({}, { models: ["gone", "there"] });
    expect(one.rows(accepted)[0]?.teacher).toMatchObject({
      selected_model: "there",
      attempted_models: ["gone", "there"],
      request_id: "test",
      usage: { prompt_tokens: 100 },
    });
  });

  it("keeps what is finished when the teacher is lost, and goes on with resume", async () => {
    const plan = ["a", "b", "c", "d", "e", "f"].map((id) => planLine(id));
    const ids = plan.map(({ id }) => id);
    const one = build({ plan, drafts: ids.map(draftLine), critiques: ids.map((id) => critiqueLine(id)) });
    let answers = 0;
    misbehave = { behave: () => (++answers > 3 ? { kind: "status", status: 401 } : undefined) };
    const failure = await failureOf(one.start());
    expect(failure?.code).toMatch(/judge-/);
    const before = one.ids().accepted;
    expect(before).toHaveLength(3);
    expect(one.json("dataset_v1_stats.json").summary.accepted).toBe(3);
    misbehave = {};
    expect((await failureOf(one.start()))?.code).toBe("conflict");
    const asked = await calls(() => one.start({ resume: true }));
    expect(asked).toEqual({ draft: 0, critique: 0, refine: 3 });
    expect(one.ids()).toEqual({ accepted: ids, rejected: [] });
    expect(one.json("dataset_v1_stats.json").skipped.resume).toBe(3);
  });

  it("drafts only what its limit refines", async () => {
    const one = build({ plan: ["a", "b", "c"].map((id) => planLine(id)) });
    expect(await calls(() => one.start({ limit: 2 }))).toEqual({ draft: 2, critique: 2, refine: 2 });
    expect(await calls(() => one.start({ limit: 2, resume: true }))).toEqual({
      draft: 1,
      critique: 1,
      refine: 1,
    });
    expect(one.ids().accepted).toEqual(["a", "b", "c"]);
  });

  it("tries rejected ids again and moves those that pass", async () => {
    const plan = [planLine("a", { marks: ["mended"] }), planLine("b", { marks: ["broken"] }), planLine("c")];
    const one = build({ plan });
    await one.start();
    expect(one.ids()).toEqual({ accepted: ["c"], rejected: ["a", "b"] });
    expect((await failureOf(one.start({ retry: ["c2"] })))?.message).toContain(
      "id c2 is not among the rejected",
    );
    expect(await calls(() => one.start({ retry: ["a", "b"] }))).toEqual({ draft: 0, critique: 0, refine: 2 });
    expect(one.ids()).toEqual({ accepted: ["a", "c"], rejected: ["b"] });
    expect(one.json("dataset_v1_stats.json").summary).toMatchObject({ accepted: 2, rejected: 1 });
    // A kill between the accepted line and the rewritten rejections leaves the id in both.
    appendFileSync(`${one.folder}/${rejected}`, `${JSON.stringify({ ...one.rows(rejected)[0], id: "a" })}\n`);
    expect(await calls(() => one.start({ resume: true }))).toEqual({ draft: 0, critique: 0, refine: 0 });
    expect(one.ids()).toEqual({ accepted: ["a", "c"], rejected: ["b"] });
  });

  it("names a damaged output line and touches nothing", async () => {
    const one = build({ plan: [planLine("a"), planLine("b")] });
    await one.start({ limit: 1 });
    const file = `${one.folder}/${accepted}`;
    const text = `{"id": 3}\n${readFileSync(file, "utf8")}`;
    writeFileSync(file, text);
    expect((await failureOf(one.start({ resume: true })))?.message).toContain(`${accepted}:1: id`);
    expect(readFileSync(file, "utf8")).toBe(text);
  });
});

describe("the join", () => {
  it("counts every odd case", async () => {
    const one = build({
      plan: [...["a", "b", "c", "d", "a"].map((id) => planLine(id)), { id: "half" }],
      drafts: [draftLine("a"), draftLine("b"), draftLine("c"), draftLine("b"), draftLine("x"), { id: "e" }],
      critiques: [
        critiqueLine("a"),
        critiqueLine("c", "reject"),
        critiqueLine("y"),
        { id: "z", verdict: "maybe" },
      ],
    });
    const { join, progress } = await one.start();
    expect(join).toEqual({
      planned: 4,
      unreadable: { plan: 1, drafts: 1, critiques: 1 },
      duplicates: { plan: 1, drafts: 1, critiques: 0 },
      unmatched: { drafts: 1, critiques: 1 },
      verdicts: { pass: 0, revise: 1, reject: 1, none: 2 },
      skipped: { critique_reject: 1, missing_inputs: 1, resume: 0 },
      missing_critique: 1,
      left: 0,
      to_refine: 2,
    });
    expect(progress.notices).toEqual([
      expect.stringContaining("drafts.jsonl:6: neither response nor raw_text"),
      expect.stringContaining("critiques.jsonl:4: verdict"),
      expect.stringContaining("plan.jsonl:6: category"),
    ]);
    expect(one.ids()).toEqual({ accepted: ["a", "b"], rejected: [] });
  });

  it("gives every planned id with a draft and no reject verdict one outcome, however often it is cut off", async () => {
    const verdict = fc.constantFrom("pass", "revise", "reject", null);
    const record = fc.record({
      drafted: fc.boolean(),
      verdict,
      mark: fc.constantFrom(...refineryMarks, null),
    });
    const cuts = fc.array(fc.record({ after: fc.nat(6), torn: fc.nat(40) }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 8 }), cuts, async (records, kills) => {
        const rows = records.map((one, at) => ({ ...one, id: `r${at}` }));
        const one = build({
          plan: rows.map(({ id, mark }) => planLine(id, { marks: mark ? [mark] : [] })),
          drafts: rows.flatMap(({ id, drafted }) => (drafted ? [draftLine(id)] : [])),
          critiques: rows.flatMap(({ id, verdict: said }) => (said ? [critiqueLine(id, said)] : [])),
        });
        const expected = rows.filter((row) => row.drafted && row.verdict !== "reject").map(({ id }) => id);
        for (const { after, torn } of kills) {
          let asked = 0;
          misbehave = { behave: () => (asked++ >= after ? { kind: "status", status: 401 } : undefined) };
          await failureOf(one.start({ resume: true }));
          tear(`${one.folder}/${accepted}`, torn);
        }
        misbehave = {};
        await one.start({ resume: true });
        const ids = one.ids();
        expect([...ids.accepted, ...ids.rejected].sort()).toEqual(expected.sort());
      }),
      { numRuns: 25 },
    );
  });
});

/** As a kill in the middle of an append: the last line loses its end. */
function tear(file: string, bytes: number): void {
  try {
    const { length } = readFileSync(file);
    truncateSync(file, Math.max(0, length - bytes));
  } catch {
    // Nothing was written yet.
  }
}
