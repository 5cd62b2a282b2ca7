import { AppError } from "#lib/core/errors.ts";
import type { Polarity } from "#lib/core/names.ts";
import type { CompletionRequest } from "#lib/judge/contract.ts";
import { stopsRun } from "#lib/judge/errors.ts";
import type { Teacher } from "#lib/teacher/contract.ts";
import type { Scenario } from "#lib/traits/scenario.ts";
import { lineProblem, writtenLine } from "./line.ts";
import { fenced, messagesOf, spread } from "./prompt.ts";
import { promptSets } from "./prompts/catalogue.ts";
import { Repeats } from "./repeats.ts";
import { beginningOf, objectsIn } from "./reply.ts";
import type { Subject } from "./subject.ts";

/** A line that failed; texts that are not known are null. */
export interface FailedLine {
  polarity: Polarity;
  /** 0-based scenario. */
  index: number;
  response: string | null;
  failureKind: string | null;
  advice: string | null;
}

export interface FixWish {
  items: readonly FailedLine[];
  /** 0-based scenarios that passed, by side. */
  passed: Partial<Record<Polarity, readonly number[]>>;
  seed: number;
}

export interface Suggestion {
  line: string;
  /** What was changed and why, in the writer's words; "" where it gave none. */
  why: string;
}

/** `text` is the failed line, null where it is not there. */
export type Fix = { text: string | null } & ({ suggestion: Suggestion } | { error: AppError });

export const fixVersion = promptSets["fix-1"].version;

const shown = { lines: 8, characters: 4_000 };
const longestWhy = 300;

const jsonSchema = {
  name: "fix",
  schema: {
    type: "object",
    properties: { line: { type: "string" }, why: { type: "string" } },
    required: ["line", "why"],
    additionalProperties: false,
  },
};

/**
 * One new line for each failed one, in order. What goes wrong with one is its error alone. A line that says the same as
 * the failed one, as another line or as another suggestion, or that no file can hold, is refused.
 * Throws where no line could be asked about: the error that met all of them.
 */
export async function suggestFixes(subject: Subject, wish: FixWish, writer: Teacher): Promise<Fix[]> {
  const asked = await Promise.all(wish.items.map((item) => ask(item, subject, wish, writer)));
  const errors = asked.flatMap((each) => ("error" in each ? each.error : []));
  const [first] = errors;
  const lost = errors.filter((error) => error.code !== "not-found" && stopsRun(error));
  if (first && lost.length === asked.length) throw first;
  const drafts = asked.map((each, at) => ({
    polarity: wish.items[at]?.polarity ?? "positive",
    text: "suggestion" in each ? each.suggestion.line : "",
    name: `the suggestion for ${wish.items[at]?.polarity} line ${each.scenario?.line}`,
  }));
  const repeats = new Repeats(subject.sides, drafts);
  return asked.map(({ scenario, ...each }, at) => {
    const text = scenario?.prompt ?? null;
    if ("error" in each) return { text, error: each.error };
    const problem =
      lineProblem(each.suggestion.line) ??
      (each.suggestion.line === text?.trim() ? "is the line as it was" : null) ??
      before("is ", repeats.reason(at, wish.items[at]?.index));
    if (problem === null) return { text, suggestion: each.suggestion };
    repeats.forget(at);
    return { text, error: refused(problem) };
  });
}

type Asked = { scenario: Scenario | undefined } & ({ suggestion: Suggestion } | { error: AppError });

async function ask(item: FailedLine, subject: Subject, wish: FixWish, writer: Teacher): Promise<Asked> {
  const scenario = subject.pairs[item.index]?.[item.polarity] ?? undefined;
  try {
    if (!scenario) throw gone(item);
    const { text: reply, model } = await writer.ask(fixRequest(item, scenario, subject, wish));
    const found = objectsIn(reply).find(({ line }) => typeof line === "string");
    if (!found) {
      throw new AppError(
        "judge-unparsable",
        `${model} answered without a line: try again, or choose a larger instruct model; its answer began ${beginningOf(reply)}`,
        { retryable: true },
      );
    }
    const why = typeof found.why === "string" ? found.why.trim().replace(/\s+/g, " ") : "";
    const suggestion = { line: writtenLine(found.line), why: why.slice(0, longestWhy).toWellFormed() };
    return { scenario, suggestion };
  } catch (thrown) {
    return { scenario, error: AppError.from(thrown) };
  }
}

export function fixRequest(
  { polarity, index, response, failureKind, advice }: FailedLine,
  scenario: Scenario,
  subject: Subject,
  { passed, seed }: Pick<FixWish, "passed" | "seed">,
): CompletionRequest {
  const partner = subject.pairs[index]?.[polarity === "positive" ? "negative" : "positive"];
  const good = (passed[polarity] ?? []).flatMap((at) =>
    at === index ? [] : (subject.pairs[at]?.[polarity] ?? []),
  );
  const examples = spread(good, shown.lines, shown.characters, ({ prompt }) => prompt.length);
  const failure = [failureKind, advice].filter((text) => text !== null && text.trim() !== "").join(". ");
  const { prompts } = promptSets["fix-1"];
  const messages = messagesOf("fix-1", subject, {
    side: prompts[`side-${polarity}`],
    line: fenced("line", scenario.prompt),
    partner: partner ? `Its partner:\n${fenced("partner", partner.prompt)}` : "It has no partner.",
    response:
      response === null
        ? "What the model answers to it is not known."
        : `What the model answered to it:\n${fenced("response", response)}`,
    failure: failure === "" ? "Why it failed is not known." : `Why it failed:\n${fenced("failure", failure)}`,
    passed:
      examples.length === 0
        ? "No line of its side has passed yet."
        : `Lines of its side that passed:\n${examples.map(({ prompt }) => fenced("passed", prompt)).join("\n")}`,
  });
  return { messages, maxTokens: 1_024, temperature: 0.7, seed, jsonSchema };
}

function before(words: string, reason: string | null): string | null {
  return reason === null ? null : words + reason;
}

function refused(problem: string): AppError {
  return new AppError(
    "judge-unparsable",
    `what the writer suggests ${problem}: ask again, or rewrite the line yourself`,
    { retryable: true },
  );
}

function gone({ polarity, index }: FailedLine): AppError {
  return new AppError(
    "not-found",
    `there is no ${polarity} scenario ${index + 1} that can be read: it was changed or deleted since; load the page again`,
  );
}
