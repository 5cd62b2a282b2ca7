import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { steerOperators } from "#lib/engine/contract.ts";

const vectorName = {
  experiment: z.string().min(1),
  /** `category/trait` */
  trait: z.string().min(1),
  method: z.string().min(1),
  layer: z.number().int().nonnegative(),
};

/** A vector by where an experiment keeps it. */
export const vectorNameSchema = z.strictObject(vectorName);
export type VectorName = z.infer<typeof vectorNameSchema>;

/**
 * A vector and what is done with it: `coef` multiplies the unit vector (`clamp`: the projection it is held at), `ratio`
 * is the same as a share of the layer's mean norm. `ablate` needs neither.
 */
export const steeredVectorSchema = z
  .strictObject({
    ...vectorName,
    operator: z.enum(steerOperators).default("add"),
    coef: z.number().finite().optional(),
    ratio: z.number().finite().optional(),
  })
  .refine(
    ({ operator, coef, ratio }) => operator === "ablate" || (coef === undefined) !== (ratio === undefined),
    {
      message: "write coef or ratio, one of them",
    },
  );
export type SteeredVector = z.infer<typeof steeredVectorSchema>;

export const tokenScopes = ["default", "all", "prompt", "generated"] as const;

/** Vectors that act at once, and on which tokens. */
export const steeringChoiceSchema = z.strictObject({
  vectors: z.array(steeredVectorSchema).max(16, "at most 16 vectors at once"),
  /** `default`: the last prompt token and every generated one. */
  tokens: z.enum(tokenScopes).default("default"),
});
export type SteeringChoice = z.infer<typeof steeringChoiceSchema>;

/** `experiment:category/trait:method:layer`; a method's name may hold a colon itself. */
export function formatVectorName({ experiment, trait, method, layer }: VectorName): string {
  return [experiment, trait, method, layer].join(":");
}

/** Reads what `formatVectorName` writes. Throws `usage`. */
export function parseVectorName(text: string): VectorName {
  const { operator: _, coef: __, ratio: ___, ...name } = parseSteeredVector(`${text}:0`);
  return name;
}

/** `experiment:category/trait:method:layer:coef`, with `:ablate` or `:clamp` behind it where it is not added. */
export function formatSteeredVector({ operator, coef = 0, ...name }: Omit<SteeredVector, "ratio">): string {
  const parts = [formatVectorName(name), coef];
  return (operator === "add" ? parts : [...parts, operator]).join(":");
}

/** Reads what `formatSteeredVector` writes. Throws `usage`. */
export function parseSteeredVector(text: string): SteeredVector {
  const parts = text.split(":");
  const operator = steerOperators.find((known) => known === parts.at(-1)) ?? "add";
  if (steerOperators.some((known) => known === parts.at(-1))) parts.pop();
  const [experiment, trait, ...rest] = parts;
  const coef = rest.pop();
  const layer = rest.pop();
  const parsed = steeredVectorSchema.safeParse({
    experiment,
    trait,
    method: rest.join(":"),
    layer: layer ? Number(layer) : undefined,
    coef: coef ? Number(coef) : undefined,
    operator,
  });
  if (parsed.success) return parsed.data;
  throw new AppError(
    "usage",
    `${JSON.stringify(text)} names no vector: write experiment:category/trait:method:layer:coefficient, such as sample:demo/optimism:mean_diff:3:4.5`,
  );
}
