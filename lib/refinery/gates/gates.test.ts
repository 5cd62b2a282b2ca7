import { describe, expect, it } from "vitest";
import { keywordMatcher } from "../keywords/match.ts";
import { type PayloadType, payloadTypes } from "../payload-types.ts";
import { gateNames, runGates, unansweredGates } from "./registry.ts";

const envelope = {
  summary: "How to go there.",
  assumptions: [],
  uncertainty_notes: "Hours may differ.",
  next_steps: [],
  verification_steps: ["Look at the operator's site."],
};
const payloads: Record<PayloadType, object> = {
  itinerary: {
    title: "t",
    trip_days: [{ day: 1, summary: "s", items: [{ time_block: "09:00", activity: "walk" }] }],
  },
  checklist: { title: "t", groups: [{ name: "g", items: [{ text: "x" }] }] },
  decision_tree: {
    title: "t",
    root_question: "q",
    nodes: [
      { id: "a", question: "q", options: [{ choice: "c", next_node_id: null, outcome: "o" }] },
      { id: "end", question: "q", options: [] },
    ],
  },
  procedure: { title: "t", steps: [{ step: 1, instruction: "go" }] },
  info_card: { title: "t", sections: [{ heading: "h", points: ["p"] }] },
  contrast_pairs: {
    trait: "optimism",
    definition: "d",
    pairs: [
      {
        positive:
          "The bridge was out, but I knew that we would find another way across, and so I turned to the others, cheerfully saying that",
        negative:
          "The bridge was out, and I knew that we would never get across, and so I turned to the others, gloomily saying that",
      },
    ],
  },
};

interface Change {
  payloadType?: PayloadType;
  category?: string;
  prompt?: string;
  response?: object;
  payload?: unknown;
}

function gate({ payloadType = "checklist", category = "general", prompt = "How?", ...change }: Change = {}) {
  const payload = "payload" in change ? change.payload : payloads[payloadType];
  const value = { ...envelope, payload_type: payloadType, payload, ...change.response };
  return runGates({ category, prompt, payloadType, answer: { mode: "strict", value } });
}

describe("keywords", () => {
  const matches = (text: string, ...words: string[]) => keywordMatcher(words).matches(text);

  it("are whole words", () => {
    expect(matches("coffee", "fee")).toEqual([]);
    expect(matches("a well-known place", "now")).toEqual([]);
    expect(matches("it is advisable", "visa")).toEqual([]);
    expect(matches("naïve fées", "fe", "na")).toEqual([]);
    expect(matches("The FEE, now: visa.", "fee", "now", "visa")).toEqual(["fee", "now", "visa"]);
    expect(matches("entry-fee (fee)", "fee")).toEqual(["fee"]);
  });

  it("may be phrases over line breaks and hyphens, with any apostrophe", () => {
    expect(matches("Opening\n hours, opening-hours", "opening hours")).toEqual([
      "opening hours",
      "opening-hours",
    ]);
    expect(matches("You can’t go wrong", "can't go wrong")).toEqual(["can't go wrong"]);
    expect(matches("the visa's price", "visa")).toEqual(["visa"]);
    expect(matches("I won't", "won")).toEqual([]);
    expect(matches("It is 100% safe, 100 percent", "100%", "100 percent")).toEqual(["100%", "100 percent"]);
  });

  it("are taken back by longer phrases", () => {
    const matcher = keywordMatcher(["guaranteed"], ["not guaranteed"]);
    expect(matcher.matches("Seats are not guaranteed.")).toEqual([]);
    expect(matcher.matches("Seats are guaranteed, refunds not guaranteed.")).toEqual(["guaranteed"]);
  });
});

describe("contract", () => {
  it.each(payloadTypes)("passes a sound %s", (payloadType) => {
    const report = gate({ payloadType });
    expect(report.contract.errors).toEqual([]);
    expect(report.reasons).toEqual([]);
    expect(Object.keys(report.gates)).toEqual(
      gateNames.filter((name) => name !== "contrast_pairs" || payloadType === "contrast_pairs"),
    );
    expect(gate({ payloadType, payload: { title: "t" } }).reasons).toEqual(["payload_invalid"]);
  });

  it("names what is wrong by its path, and skips the other gates", () => {
    const report = gate({
      response: { summary: 3, next_steps: ["a", 1] },
      payload: { title: "t", groups: [{}] },
    });
    expect(report.reasons).toEqual(["envelope_invalid", "payload_invalid"]);
    expect(report.contract.errors).toEqual([
      "summary: must be string",
      "next_steps.1: must be string",
      "payload.groups.0: must have required property 'name'",
      "payload.groups.0: must have required property 'items'",
    ]);
    expect(report.gates.contract_ok).toMatchObject({ passed: false, reason_code: "envelope_invalid" });
    for (const name of ["verification_when_needed", "overconfidence_guard"]) {
      expect(report.gates[name]).toEqual({
        passed: false,
        reason_code: "skipped_contract_failed",
        details: {},
      });
    }
  });

  it("wants the type that was planned, and something to check", () => {
    const other = gate({ response: { payload_type: "itinerary" } });
    expect(other.contract.errors).toEqual(['payload_type: must be checklist, as planned, not "itinerary"']);
    expect(other.reasons).toEqual(["payload_invalid"]);
    const failed = runGates({
      category: "x",
      prompt: "x",
      payloadType: "checklist",
      answer: { mode: "failed", error: "answer:1:1: malformed JSON" },
    });
    expect(failed.reasons).toEqual(["parse_failed"]);
    expect(failed.contract).toMatchObject({ envelopeOk: false, payloadOk: false, parseMode: "failed" });
  });

  it("keeps further fields, and takes a branch that neither leads on nor ends for none", () => {
    expect(gate({ response: { extra: 1 } }).reasons).toEqual([]);
    const nodes = [{ id: "a", question: "q", options: [{ choice: "c" }] }];
    expect(
      gate({ payloadType: "decision_tree", payload: { title: "t", root_question: "q", nodes } }).reasons,
    ).toEqual(["payload_invalid"]);
  });
});

describe("verification when needed", () => {
  const bare = { verification_steps: [], uncertainty_notes: " " };

  it("asks for a step and for notes where the topic is time-sensitive", () => {
    expect(gate({ category: "transport", response: bare }).reasons).toEqual([
      "missing_verification_requirements",
    ]);
    expect(gate({ prompt: "What is the fee?", response: bare }).reasons).toEqual([
      "missing_verification_requirements",
    ]);
    const half = gate({ category: "visa", response: { verification_steps: [" "], uncertainty_notes: "n" } });
    expect(half.gates.verification_when_needed).toEqual({
      passed: false,
      reason_code: "missing_verification_requirements",
      details: { time_sensitive: true, verification_steps_count: 0, uncertainty_notes_length: 1 },
    });
  });

  it("asks for nothing elsewhere: coffee has no fee, what is known is not now", () => {
    for (const prompt of ["Where is good coffee?", "a well-known poem", "Is it advisable to sing?"]) {
      expect(gate({ prompt, response: bare }).reasons).toEqual([]);
    }
  });
});

describe("overconfidence", () => {
  const certain = { summary: "Entry is Guaranteed." };

  it("is rejected on time-sensitive topics alone", () => {
    const report = gate({ category: "visa", response: certain });
    expect(report.reasons).toEqual(["overconfident_time_sensitive"]);
    expect(report.gates.overconfidence_guard?.details).toEqual({
      time_sensitive: true,
      no_overconfidence_detected: false,
      phrases: ["guaranteed"],
    });
    expect(gate({ response: certain }).reasons).toEqual([]);
    expect(gate({ category: "visa", response: { summary: "Entry is not guaranteed." } }).reasons).toEqual([]);
  });

  it("may come with missing verification", () => {
    const response = { ...certain, verification_steps: [] };
    expect(gate({ category: "visa", response }).reasons).toEqual([
      "missing_verification_requirements",
      "overconfident_time_sensitive",
    ]);
  });
});

describe("contrast pairs", () => {
  const pairs = (positive: string, negative: string) =>
    gate({
      payloadType: "contrast_pairs",
      payload: { trait: "help", definition: "d", pairs: [{ positive, negative }] },
    });

  it("are rejected where the ending leaves both ways open", () => {
    const report = pairs("My friend asked me for help, so I", "My sister asked me for help, so I");
    expect(report.reasons).toEqual(["weak_lock_in"]);
    expect(report.gates.contrast_pairs?.details).toMatchObject({
      pairs: 1,
      findings: [
        { reason: "weak_lock_in", pair: 0, side: "positive" },
        { reason: "weak_lock_in", pair: 0, side: "negative" },
      ],
    });
  });

  it("are rejected past the decision point", () => {
    const report = pairs(
      "She wanted help and I was glad. I carried her bags home.",
      "She wanted help and I was angry. I walked away from her.",
    );
    expect(report.reasons).toEqual(["past_decision_point"]);
  });

  it("hold lines, not paragraphs", () => {
    expect(pairs("one\ntwo", "three").reasons).toEqual(["payload_invalid"]);
  });
});

it("nobody's answer passes no gate", () => {
  expect(unansweredGates({ payloadType: "checklist" }, "refused")).toEqual({
    contract_ok: { passed: false, reason_code: "teacher_error", details: { message: "refused" } },
    verification_when_needed: { passed: false, reason_code: "skipped_contract_failed", details: {} },
    overconfidence_guard: { passed: false, reason_code: "skipped_contract_failed", details: {} },
  });
});
