import { route } from "#lib/server/http.ts";
import { readJudgeInputs } from "#lib/server/steering.ts";

/** `?trait=&samples=&at=`: what the judge was asked of one steered answer, counted from 0. */
export const GET = route<{ exp: string }>(async ({ instance, params, query }) =>
  Response.json(
    await readJudgeInputs(instance, params.exp, query.get("trait") ?? "", {
      samples: query.get("samples") ?? "",
      at: Number(query.get("at") ?? Number.NaN),
    }),
  ),
);
