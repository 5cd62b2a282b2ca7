import type { Polarity } from "#lib/core/names.ts";
import type { TextRange } from "./ending.ts";
import type { LintLine, LintPair } from "./line.ts";
import type { LintFacts, LintTrait } from "./trait.ts";

/** `warning`: likely to spoil the vector or the vetting; `note`: worth a look. No finding blocks anything. */
export type Severity = "warning" | "note";

/** One weakness, why it is one, and what to do about it. */
export interface Finding {
  /** The lint's stable id. */
  lint: string;
  severity: Severity;
  /** Null where the trait as a whole is meant. */
  polarity: Polarity | null;
  /** 0-based scenario; null where a side or the whole trait is meant. */
  index: number | null;
  /** 1-based line of the scenario in its file, null with `index`. */
  line: number | null;
  /** What is wrong and why it matters, one line. */
  message: string;
  /** What to do, one line. */
  remedy: string;
  /** The characters meant (UTF-16 offsets into the scenario's prompt, end exclusive). */
  range?: TextRange;
}

/** What a lint tells; the registry adds which lint it was. */
export type Found = Omit<Finding, "lint">;

/**
 * One lint. Checks of a line or a pair need only the trait's facts and are quick enough for every keystroke; a check
 * of the trait sees everything.
 */
export interface Lint {
  id: string;
  line?(line: LintLine, facts: LintFacts): Found[];
  pair?(pair: LintPair, facts: LintFacts): Found[];
  trait?(trait: LintTrait): Found[];
}

type Words = Pick<Finding, "severity" | "message" | "remedy" | "range">;

/** A finding on one line. */
export function onLine({ polarity, index, line }: LintLine, words: Words): Found {
  return { polarity, index, line, ...words };
}

/** A finding on one side, or on the trait (null). */
export function onSide(polarity: Polarity | null, words: Words): Found {
  return { polarity, index: null, line: null, ...words };
}
