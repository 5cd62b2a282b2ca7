import { type PayloadType, payloadTypes } from "#lib/refinery/payload-types.ts";
import {
  type Behaviour,
  type ChatRequest,
  type JudgeServer,
  type JudgeServerOptions,
  startJudgeServer,
} from "./judge-server.ts";

// A teacher behind real HTTP: it plans, drafts, critiques and refines. Marks in a plan record's prompt say what its answers
// are like, so that a test's plan is all there is to read.

export const refineryMarks = [
  "reject",
  "no-critique",
  "fence",
  "words",
  "broken",
  "envelope",
  "payload",
  "unverified",
  "certain",
  "weak",
  "finished",
  "refuse",
  "mended",
] as const;
export type RefineryMark = (typeof refineryMarks)[number];

export type RefineryCall = "plan" | "draft" | "critique" | "refine";

export interface RefineryServerOptions extends Omit<JudgeServerOptions, "behave"> {
  /** How to misbehave; undefined: as the marks say. */
  behave?(kind: RefineryCall, request: ChatRequest, count: number): Behaviour | undefined;
}

export interface RefineryServer extends JudgeServer {
  counts(): Record<RefineryCall, number>;
}

export function callOf({ messages }: ChatRequest): RefineryCall {
  const [system, prompt] = [messages[0]?.content ?? "", messages.at(-1)?.content ?? ""];
  if (system.startsWith("You plan")) return "plan";
  if (system.startsWith("You review")) return "critique";
  return prompt.includes("Rewrite the draft") ? "refine" : "draft";
}

export async function startRefineryServer(options: RefineryServerOptions = {}): Promise<RefineryServer> {
  const { behave, ...rest } = options;
  const refined = new Map<string, number>();
  const server = await startJudgeServer({
    ...rest,
    behave(request, count) {
      const kind = callOf(request);
      return behave?.(kind, request, count) ?? answerTo(kind, request, refined);
    },
  });
  const counts = () => {
    const all = { plan: 0, draft: 0, critique: 0, refine: 0 };
    for (const request of server.requests) all[callOf(request)]++;
    return all;
  };
  return { ...server, counts };
}

function answerTo(kind: RefineryCall, { messages }: ChatRequest, refined: Map<string, number>): Behaviour {
  const prompt = messages.at(-1)?.content ?? "";
  const wish = /<request>([\s\S]*?)<\/request>/.exec(prompt)?.[1] ?? "";
  const has = (mark: RefineryMark) => wish.includes(`[[${mark}]]`);
  if (kind === "plan") return text(planned(prompt));
  if (kind === "critique") {
    if (has("no-critique")) return { kind: "text", text: "I have no opinion." };
    return text(critique(has("reject") ? "reject" : "revise"));
  }
  const type = typeIn(prompt);
  if (kind === "draft") return text({ ...answer(type, wish), verification_steps: [] });
  if (has("refuse")) return { kind: "status", status: 400, message: "this request is refused" };
  const times = (refined.get(wish) ?? 0) + 1;
  refined.set(wish, times);
  const good = answer(type, wish);
  // Mended: wrong the first time, right from the second on.
  if (has("broken") || (has("mended") && times === 1)) return { kind: "text", text: '{"summary": "cut o' };
  if (has("fence")) return { kind: "text", text: `\`\`\`json\n${JSON.stringify(good)}\n\`\`\`` };
  if (has("words")) return { kind: "text", text: `Here it is:\n${JSON.stringify(good)}\nGood luck!` };
  if (has("envelope")) return text({ ...good, uncertainty_notes: undefined });
  if (has("payload")) return text({ ...good, payload: { title: "nothing in it" } });
  if (has("unverified")) return text({ ...good, verification_steps: [], uncertainty_notes: "" });
  if (has("certain")) return text({ ...good, summary: "Entry is guaranteed." });
  if (has("weak")) return text(withPairs(good, "She asked me for help and I told her"));
  if (has("finished"))
    return text(withPairs(good, "She was sure it would work. I said yes and smiled at her."));
  return text(good);
}

function text(value: unknown): Behaviour {
  return { kind: "text", text: JSON.stringify(value) };
}

function typeIn(prompt: string): PayloadType {
  const named = /"payload_type" is "([a-z_]+)"/.exec(prompt)?.[1];
  return payloadTypes.find((type) => type === named) ?? "checklist";
}

function planned(prompt: string) {
  const topic = /<topic>([\s\S]*?)<\/topic>/.exec(prompt)?.[1] ?? "";
  const count = Number(/Write (\d+) requests/.exec(prompt)?.[1]);
  const types = (/one of these forms: ([a-z_, ]+)\./.exec(prompt)?.[1] ?? "checklist").split(", ");
  return {
    requests: Array.from({ length: count }, (_, at) => ({
      category: "transport",
      difficulty: (["easy", "medium", "hard"] as const)[at % 3],
      region_tags: ["EU"],
      payload_type: types[at % types.length],
      request: `${topic}: request ${at + 1}, please`,
    })),
  };
}

function critique(verdict: "revise" | "reject") {
  return {
    verdict,
    issues: [
      {
        type: "verification",
        severity: "high",
        message: "no way to check the hours",
        evidence_path: "payload",
      },
      { type: "style", severity: "low", message: "too short", evidence_path: "summary" },
    ],
    scores: { helpfulness: 3, accuracy: 3, completeness: 2, form: 5 },
    hallucination: { risk_level: "low", risky_claims: [], rationale: "nothing is claimed" },
    verification: { missing_when_needed: true, suggested_steps: ["Check the operator's site."] },
    rewrite_instructions: ["Say how the reader checks the hours."],
  };
}

function answer(type: PayloadType, wish: string) {
  return {
    summary: `About ${wish.replace(/\s*\[\[.*?\]\]/g, "").slice(0, 60)}.`,
    assumptions: ["The reader travels alone."],
    uncertainty_notes: "Hours and prices may have changed since.",
    next_steps: ["Choose a day."],
    verification_steps: ["Check the operator's own site."],
    payload_type: type,
    payload: payloads[type],
  };
}

function withPairs(good: ReturnType<typeof answer>, negative: string) {
  return {
    ...good,
    payload: {
      ...payloads.contrast_pairs,
      pairs: [...payloads.contrast_pairs.pairs, { positive, negative }],
    },
  };
}

const positive =
  "The bridge was out, but I knew that we would find another way across, and so I turned to the others, cheerfully saying that";

const payloads = {
  itinerary: {
    title: "A day in town",
    trip_days: [{ day: 1, summary: "Old town", items: [{ time_block: "09:00-12:00", activity: "Walk" }] }],
  },
  checklist: {
    title: "Before the trip",
    groups: [{ name: "Papers", items: [{ text: "Timetable", priority: "must" }] }],
  },
  decision_tree: {
    title: "Bus or train",
    root_question: "Is there a train?",
    nodes: [
      {
        id: "root",
        question: "Is there a train?",
        options: [
          { choice: "Yes", next_node_id: null, outcome: "Take it." },
          { choice: "No", outcome: "Take the bus." },
        ],
      },
    ],
  },
  procedure: { title: "Buying a ticket", steps: [{ step: 1, instruction: "Go to the machine." }] },
  info_card: { title: "The tram", sections: [{ heading: "Lines", points: ["Four lines."] }] },
  contrast_pairs: {
    trait: "optimism",
    definition: "HIGH: expects that things turn out well. LOW: expects that they turn out badly.",
    pairs: [
      {
        positive,
        negative:
          "The bridge was out, and I knew that we would never get across, and so I turned to the others, gloomily saying that",
      },
    ],
  },
} as const satisfies Record<PayloadType, unknown>;
