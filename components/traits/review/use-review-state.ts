import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useState } from "react";
import { polarities } from "#lib/core/names.ts";
import { type FailureKind, failureKinds } from "#lib/pipeline/failure-kinds.ts";
import { vettingKinds } from "#lib/pipeline/human-labels.ts";
import { type QueueFilter, shows, wholeRange } from "./queue.ts";

/**
 * What of the review is in the page's address. `kind` null: responses where there are any, else scenarios.
 * The address follows the item and does not lead it: an address that comes late would take a quick key's step back.
 */
export function useReviewState() {
  const [state, setState] = useQueryStates({
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
  const [item, setItem] = useState(state.item);
  const set = (change: Partial<typeof state>) => {
    if (change.item !== undefined) setItem(change.item);
    void setState(change);
  };
  const { show, polarity, failure, min, max } = state;
  const filter: QueueFilter = { show, polarity, failure, min, max };
  return { ...state, item, filter, set };
}

export type ReviewState = ReturnType<typeof useReviewState>;
