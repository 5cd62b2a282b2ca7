/** `small-1`: short templates, without schemas, for a model that reads few tokens. */
export const templateSets = ["teacher-1", "small-1"] as const;
export type TemplateSet = (typeof templateSets)[number];
