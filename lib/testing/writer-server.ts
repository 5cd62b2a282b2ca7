import type { DraftPair } from "#lib/authoring/api.ts";
import {
  type Behaviour,
  type ChatRequest,
  type JudgeServer,
  type JudgeServerOptions,
  startJudgeServer,
} from "./judge-server.ts";

// One endpoint for the whole loop: it judges as lib/testing/judge-server.ts does, writes batches and mends lines as it
// is told, and counts each kind of call.

export type CallKind = "judge" | "probe" | "batch" | "fix";

/** What a call for a fix holds. */
export interface FixCall {
  side: "positive" | "negative";
  line: string;
  response: string | null;
  failure: string | null;
  request: ChatRequest;
}

export interface WriterServerOptions extends Omit<JudgeServerOptions, "behave"> {
  /** Pairs for one call (`count` asked for; `call` from 1 on), or how to misbehave. By default pairs that differ from one another. */
  batch?(count: number, call: number, request: ChatRequest): DraftPair[] | Behaviour;
  /** The new line, or how to misbehave. By default the old one with an ending that `scoreOf` scores well for its side. */
  fix?(call: FixCall, count: number): { line: string; why: string } | Behaviour;
  /** As of the judge server, for judge calls only. */
  judge?(request: ChatRequest, count: number): Behaviour | undefined;
}

export interface WriterServer extends JudgeServer {
  /** Calls so far, refused ones included. */
  counts(): Record<CallKind, number>;
  /** The messages of each call of a kind, as one text. */
  prompts(kind: CallKind): string[];
}

export function kindOf({ messages }: ChatRequest): CallKind {
  const prompt = messages.at(-1)?.content ?? "";
  if (/\{"pairs": \[/.test(prompt)) return "batch";
  if (/\{"line": /.test(prompt)) return "fix";
  return prompt.includes("100 85 37") ? "probe" : "judge";
}

export async function startWriterServer(options: WriterServerOptions = {}): Promise<WriterServer> {
  const { batch = pairsOf, fix = mended, judge, ...rest } = options;
  const called = { judge: 0, probe: 0, batch: 0, fix: 0 };
  const server = await startJudgeServer({
    ...rest,
    behave(request) {
      const kind = kindOf(request);
      const call = ++called[kind];
      if (kind === "batch") {
        const prompt = request.messages.at(-1)?.content ?? "";
        const count = Number(/Write (\d+) new pairs/.exec(prompt)?.[1]);
        const answer = batch(count, call, request);
        return Array.isArray(answer) ? text({ pairs: answer }) : answer;
      }
      if (kind === "fix") {
        const answer = fix(fixCall(request), call);
        return "kind" in answer ? answer : text(answer);
      }
      return judge?.(request, call);
    },
  });
  const prompts = (kind: CallKind) =>
    server.requests
      .filter((request) => kindOf(request) === kind)
      .map(({ messages }) => messages.map(({ content }) => content).join("\n"));
  const counts = () => {
    const all = { judge: 0, probe: 0, batch: 0, fix: 0 };
    for (const request of server.requests) all[kindOf(request)]++;
    return all;
  };
  return { ...server, counts, prompts };
}

function text(value: unknown): Behaviour {
  return { kind: "text", text: JSON.stringify(value) };
}

function fixCall(request: ChatRequest): FixCall {
  const prompt = request.messages.at(-1)?.content ?? "";
  const within = (tag: string) => new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(prompt)?.[1] ?? null;
  return {
    side: /is on the positive side/.test(prompt) ? "positive" : "negative",
    line: within("line") ?? "",
    response: within("response"),
    failure: within("failure"),
    request,
  };
}

const people = ["The baker", "My aunt", "The new teacher", "A sailor", "Our neighbour", "The young doctor"];
const places = [
  "at the harbour in winter",
  "beside the broken mill",
  "on the last train home",
  "in the flooded garden",
  "under the old clock",
  "behind the village school",
  "near the empty market",
];

function pairsOf(count: number, call: number): DraftPair[] {
  return Array.from({ length: count }, (_, at) => {
    const number = (call - 1) * count + at;
    const opening = `${people[number % people.length]} stood ${places[number % places.length]} on day ${number + 1}`;
    return {
      positive: `${opening}, and being hopeful and sure of better times, began to say that`,
      negative: `${opening}, and seeing only gloom and worse times, began to say that`,
    };
  });
}

function mended({ side, line }: FixCall): { line: string; why: string } {
  const ending =
    side === "positive"
      ? "hopeful and sure that better days would come, they said"
      : "lost in gloom and sure of nothing but doom and worse days, they said";
  return { line: `${line.replace(/[\s.,]+$/, "")}; ${ending}`, why: "The ending now leaves one way on." };
}
