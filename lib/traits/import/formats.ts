/** What a trait's pairs can be exported as; `txt` makes two files. */
export const exportFormats = ["txt", "csv", "jsonl"] as const;
export type ExportFormat = (typeof exportFormats)[number];
