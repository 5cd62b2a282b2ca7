export const gatingModes = ["strict", "lenient"] as const;
/** `strict`: the answer is JSON and nothing else; `lenient`: a Markdown fence and words around it are tolerated. */
export type GatingMode = (typeof gatingModes)[number];

/** How an answer was read. */
export const parseModes = ["strict", "lenient", "failed"] as const;
export type ParseMode = (typeof parseModes)[number];
