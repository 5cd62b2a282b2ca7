import { polarities } from "#lib/core/names.ts";
import { type LintLine, type LintPair, readLine, type ScenarioText } from "./line.ts";
import { sameOpening, samePerson } from "./pair-features.ts";
import { type Triggers, triggersOf } from "./triggers.ts";

/** What is linted; a `TraitFolder` with its name is one. */
export interface LintInput {
  /** The trait's own name, without its category. */
  name: string;
  positive: readonly ScenarioText[];
  negative: readonly ScenarioText[];
  /** The rubric; null when there is none. */
  definition: string | null;
}

/**
 * `completion`: a base model goes on where the line ends, so its ending is what counts. `chat`: the lines are whole
 * messages, answered in a turn of their own.
 */
export type ScenarioStyle = "completion" | "chat";

/** What the lines of a pair may agree in, in some traits. */
export type PairFeature = "opening" | "person";

/** What is known of the trait as a whole when a single line is looked at. */
export interface LintFacts {
  style: ScenarioStyle;
  /** Words and phrases that give the trait away. */
  triggers: Triggers;
  /** Shares of pairs (0-1) whose lines agree in a feature of their build: a pair that does not then stands out. */
  agreement: Readonly<Record<PairFeature, number>>;
}

/** The whole trait, read for the lints. */
export interface LintTrait {
  facts: LintFacts;
  /** Every word of both sides once. */
  vocabulary: readonly string[];
  positive: readonly LintLine[];
  negative: readonly LintLine[];
  pairs: readonly LintPair[];
}

export function readTrait({ name, definition, ...sides }: LintInput): LintTrait {
  const numbers = new Map<string, number>();
  const [positive = [], negative = []] = polarities.map((polarity) =>
    sides[polarity].map((scenario, index) => readLine(scenario, polarity, index, numbers)),
  );
  const vocabulary = [...numbers.keys()];
  const pairs = positive.flatMap((line, index) => {
    const other = negative[index];
    return other ? [{ index, positive: line, negative: other }] : [];
  });
  const facts = {
    style: styleOf([...positive, ...negative]),
    triggers: triggersOf(name, definition, { vocabulary, positive, negative }),
    agreement: { opening: agreeing(pairs, sameOpening), person: agreeing(pairs, samePerson) },
  };
  return { facts, vocabulary, positive, negative, pairs };
}

function agreeing(pairs: readonly LintPair[], agree: (pair: LintPair) => boolean): number {
  return pairs.filter(agree).length / Math.max(1, pairs.length);
}

// A line that asks or tells the model something is a message to it, not a text to go on with.
const MESSAGE =
  /\?["'”’)\s]*$|^(?:(?:please|can you|could you|would you|how (?:do|can|should) i|what|why|write|explain|describe|list|give me|tell me|help me|create|summari[sz]e|suggest|recommend|translate)\b)[^"“]*[.!?]?\s*$/i;

/** By majority, so that one odd line changes nothing. */
function styleOf(lines: readonly LintLine[]): ScenarioStyle {
  const messages = lines.filter(({ system, text }) => system !== "" || MESSAGE.test(text)).length;
  return messages * 2 > lines.length ? "chat" : "completion";
}
