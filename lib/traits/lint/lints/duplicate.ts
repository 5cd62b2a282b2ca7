import { type Lint, onLine } from "../finding.ts";
import type { LintLine } from "../line.ts";

/** The same line again, on either side; capitals and spaces do not count. */
export const duplicate: Lint = {
  id: "duplicate",
  trait({ positive, negative }) {
    const first = new Map<string, LintLine>();
    return [...positive, ...negative].flatMap((line) => {
      const key = duplicateKey(line);
      const earlier = first.get(key);
      if (!earlier) {
        first.set(key, line);
        return [];
      }
      const same = earlier.polarity === line.polarity;
      return [
        onLine(line, {
          severity: "warning",
          message: same
            ? `the same as ${earlier.polarity} line ${earlier.line}: it counts twice, and may be trained on and held out at once`
            : `the same as ${earlier.polarity} line ${earlier.line}: one text cannot stand for both sides`,
          remedy: same ? "delete the pair or rewrite it" : "rewrite the line of the side it does not show",
        }),
      ];
    });
  },
};

/** Equal for lines that say the same under the same system prompt. */
export function duplicateKey({ system, text }: Pick<LintLine, "system" | "text">): string {
  return `${system}\0${text.toLowerCase().replace(/\s+/g, " ").trim()}`;
}
