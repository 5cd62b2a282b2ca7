/** What a CAA dataset can be written as (formats.md section 3); a build writes the first two. */
export const caaLayouts = ["psyctl", "psyctl-new", "caa", "caa-open", "persona-vectors"] as const;
export type CaaLayout = (typeof caaLayouts)[number];

export const buildLayouts = ["psyctl", "psyctl-new"] as const satisfies readonly CaaLayout[];
export type BuildLayout = (typeof buildLayouts)[number];
