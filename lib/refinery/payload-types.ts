/** What a record's answer is made of; each has a schema in `schemas/payload-v1` and a prompt of its own. */
export const payloadTypes = [
  "itinerary",
  "checklist",
  "decision_tree",
  "procedure",
  "info_card",
  "contrast_pairs",
] as const;
export type PayloadType = (typeof payloadTypes)[number];
