import type { PayloadType } from "../payload-types.ts";
import envelope from "./envelope-v0.json" with { type: "json" };
import checklist from "./payload-v1/checklist.json" with { type: "json" };
import contrastPairs from "./payload-v1/contrast_pairs.json" with { type: "json" };
import decisionTree from "./payload-v1/decision_tree.json" with { type: "json" };
import infoCard from "./payload-v1/info_card.json" with { type: "json" };
import itinerary from "./payload-v1/itinerary.json" with { type: "json" };
import procedure from "./payload-v1/procedure.json" with { type: "json" };

export const schemaVersions = { envelope: "v0", payload: "v1" } as const;

export const envelopeSchema: Record<string, unknown> = envelope;

export const payloadSchemas: Record<PayloadType, Record<string, unknown>> = {
  itinerary,
  checklist,
  decision_tree: decisionTree,
  procedure,
  info_card: infoCard,
  contrast_pairs: contrastPairs,
};
