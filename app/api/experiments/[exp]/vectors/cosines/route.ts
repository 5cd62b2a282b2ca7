import { AppError } from "#lib/core/errors.ts";
import { type CosineAxis, cosineAxes } from "#lib/pipeline/vectors-api.ts";
import { route } from "#lib/server/http.ts";
import { readCosines } from "#lib/server/vectors/cosines.ts";
import { requiredLayer, vectorChoice } from "#lib/server/vectors/query.ts";

/** `?across=methods|layers|traits&trait=&method=&layer=[&position=&component=]`: how alike the vectors are. */
export const GET = route<{ exp: string }>(async ({ instance, params, query }) =>
  Response.json(
    await readCosines(
      instance.artifacts,
      { ...vectorChoice(params.exp, query), layer: requiredLayer(query) },
      axisOf(query.get("across")),
    ),
  ),
);

function axisOf(name: string | null): CosineAxis {
  const axis = cosineAxes.find((known) => known === name);
  if (axis) return axis;
  throw new AppError("usage", `across ${JSON.stringify(name)} is not known: write ${cosineAxes.join(", ")}`);
}
