import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { polarities } from "#lib/core/names.ts";
import { type FailureKind, failureKinds } from "#lib/pipeline/failure-kinds.ts";
import { vettingKinds } from "#lib/pipeline/human-labels.ts";
import { type QueueFilter, shows, wholeRange } from "./queue.ts";

/** What of the review is in the page's address. `kind` null: responses where there are any, else scenarios. */
export function useReviewState() {
  const [state, set] = useQueryStates({
    view: parseAsStringLiteral(["queue", "calibration"]).withDefault("queue"),
    kind: parseAsStringLiteral(vettingKinds),
    show: parseAsStringLiteral(shows).withDefault("failed"),
    polarity: parseAsStringLiteral(polarities),
    failure: parseAsStringLiteral(Object.keys(failureKinds) as FailureKind[]),
    min: parseAsInteger.withDefault(wholeRange.min),
    max: parseAsInteger.withDefault(wholeRange.max),
    item: parseAsString,
    run: parseAsString,
  });
  const { show, polarity, failure, min, max } = state;
  const filter: QueueFilter = { show, polarity, failure, min, max };
  return { ...state, filter, set };
}

export type ReviewState = ReturnType<typeof useReviewState>;
