import { AppError } from "#lib/core/errors.ts";

/** How vectors are made of others, layer by layer. Vectors are named as their user names them. */
export interface Recipe {
  /** Summed: factor times the raw vector. At least one. */
  terms: { factor: number; name: string }[];
  /** Then made orthogonal to all of these. */
  orthogonalTo: string[];
  /** Then replaced, at each of these layers (`2-4`), by their mean over them. */
  averageLayers: string | null;
}

const NUMBER = /^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Reads a sum of vectors: `mean_diff - 0.5*probe`, `2*demo/optimism/probe + sample/demo/refusal/probe`. Signs stand
 * between spaces, since names may hold `-`. Throws `usage`.
 */
export function parseSum(text: string): Recipe["terms"] {
  const fail = (problem: string): never => {
    throw new AppError(
      "usage",
      `${JSON.stringify(text)}: ${problem}; write a sum such as "mean_diff - 0.5*probe", with spaces around + and -`,
    );
  };
  const words = text
    .replaceAll("−", "-")
    .replaceAll(/\s*\*\s*/g, "*")
    .split(/\s+/)
    .filter(Boolean);
  const terms: Recipe["terms"] = [];
  let sign: 1 | -1 | null = 1;
  for (const word of words) {
    if (word === "+" || word === "-") {
      if (sign !== null && !(terms.length === 0 && word === "-"))
        return fail(`nothing stands before ${word}`);
      sign = word === "-" ? -1 : 1;
      continue;
    }
    if (sign === null) return fail(`no + or - stands before ${JSON.stringify(word)}`);
    const [first = "", second, ...more] = word.replace(/^-/, "").split("*");
    const negative = word.startsWith("-") ? -1 : 1;
    const [factor, name] =
      second === undefined ? ["1", first] : NUMBER.test(second) ? [second, first] : [first, second];
    if (!NUMBER.test(factor) || name === "" || NUMBER.test(name) || more.length > 0) {
      return fail(`${JSON.stringify(word)} is no vector, nor a number times a vector`);
    }
    terms.push({ factor: sign * negative * Number(factor), name });
    sign = null;
  }
  if (terms.length === 0) return fail("there is no vector in it");
  if (sign !== null) return fail("nothing stands after the last sign");
  return terms;
}

/** The recipe in words, for metadata and messages. */
export function formatRecipe({ terms, orthogonalTo, averageLayers }: Recipe): string {
  const sum = terms
    .map(({ factor, name }, at) => {
      const size = Math.abs(factor) === 1 ? name : `${Math.abs(factor)}*${name}`;
      if (at === 0) return factor < 0 ? `-${size}` : size;
      return `${factor < 0 ? "-" : "+"} ${size}`;
    })
    .join(" ");
  return [
    sum,
    ...(orthogonalTo.length > 0 ? [`orthogonal to ${orthogonalTo.join(", ")}`] : []),
    ...(averageLayers === null ? [] : [`mean over layers ${averageLayers}`]),
  ].join("; ");
}
