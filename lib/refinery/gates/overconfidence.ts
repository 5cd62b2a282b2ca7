import { keywordMatcher } from "../keywords/match.ts";
import lists from "../keywords/overconfident.json" with { type: "json" };
import { type Gate, passed } from "./gate.ts";
import { textsIn } from "./texts.ts";
import { timeSensitive } from "./time-sensitive.ts";

const absolute = keywordMatcher(lists.phrases, lists.unless);

/** A time-sensitive answer makes no absolute claims. */
export const overconfidenceGuard: Gate = {
  name: "overconfidence_guard",
  gate(input) {
    const phrases = [...new Set(textsIn(input.response).flatMap((text) => absolute.matches(text)))];
    const details = {
      time_sensitive: timeSensitive(input),
      no_overconfidence_detected: phrases.length === 0,
      ...(phrases.length > 0 && { phrases }),
    };
    if (phrases.length === 0 || !details.time_sensitive) return passed(details);
    return { passed: false, reason_code: "overconfident_time_sensitive", details };
  },
};
