import { AppError } from "./errors.ts";

// Names become folder names: anything that could leave its folder (`..`, `/`, NUL, drive letters) cannot match.
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;
// Device names that Windows reserves in every folder.
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/;

/** A trait's place in `datasets/traits/{category}/{trait}`. */
export interface TraitId {
  category: string;
  trait: string;
}

/** True for a name that may be a category, trait or experiment: `[a-z0-9][a-z0-9_-]{0,63}`, not reserved. */
export function isName(value: string): boolean {
  return NAME.test(value) && !RESERVED.test(value);
}

/** Checks an experiment name. Throws `usage`. */
export function parseExperimentName(value: string): string {
  if (isName(value)) return value;
  throw new AppError(
    "usage",
    `experiment name ${JSON.stringify(value)} is not allowed: use 1-64 of a-z, 0-9, _ and -, starting with a letter or digit`,
  );
}

/** Reads `category/trait`. Throws `usage`. */
export function parseTraitId(value: string): TraitId {
  const [category, trait, ...rest] = value.split("/");
  if (
    category !== undefined &&
    trait !== undefined &&
    rest.length === 0 &&
    isName(category) &&
    isName(trait)
  ) {
    return { category, trait };
  }
  throw new AppError(
    "usage",
    `trait ${JSON.stringify(value)} is not allowed: write category/trait with a-z, 0-9, _ and - (for example demo/optimism)`,
  );
}

/** `category/trait`. */
export function formatTraitId(id: TraitId): string {
  return `${id.category}/${id.trait}`;
}

/** Reads `a/b,c/d`, in order, without repeats. Throws `usage`. */
export function parseTraitList(value: string): TraitId[] {
  const names = value
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return [...new Set(names)].map(parseTraitId);
}

/** A polarity of a contrast pair; `positive` shows the trait. */
export type Polarity = "positive" | "negative";
export const polarities: readonly Polarity[] = ["positive", "negative"];
