import { AppError } from "#lib/core/errors.ts";
import { polarities } from "#lib/core/names.ts";
import { projectTokens } from "#lib/engine/projections.ts";
import type { ArtifactStore, RunEngines } from "#lib/pipeline/ports.ts";
import { parseResponses } from "#lib/pipeline/responses.ts";
import { readVector, vectorPath } from "#lib/pipeline/vectors.ts";
import type { TokenView } from "#lib/pipeline/vectors-api.ts";
import { requireMetadata, traitPlace, type VectorChoice } from "./sets.ts";

/** Responses of each side that are read at once. */
const SHOWN = 5;

/**
 * Responses of both sides as the extraction model reads them, token by token on one vector.
 * @param from the first of each side
 * Throws `not-found` (experiment, vector, responses, model), `invalid-file` (imported responses without tokens).
 */
export async function readTokenView(
  { artifacts, engines }: { artifacts: ArtifactStore; engines: RunEngines },
  { layer, from, ...choice }: Omit<VectorChoice, "layers"> & { layer: number; from: number },
  signal: AbortSignal,
): Promise<TokenView> {
  const { config, paths } = await traitPlace(artifacts, choice);
  const { model } = await requireMetadata(artifacts, paths, choice);
  const vector = await readVector(artifacts, vectorPath(paths, choice.method, layer));
  const sides = await Promise.all(
    polarities.map(async (side) => {
      const path = paths.responses[side];
      const text = await artifacts.readText(path);
      if (text === null) throw new AppError("not-found", `${path} is not there: run generate first`);
      const entries = parseResponses(text, path);
      return { side, total: entries.length, shown: entries.slice(from, from + SHOWN), path };
    }),
  );
  const rows = sides.flatMap(({ side, shown, path }) =>
    shown.map(({ index, question, prompt_token_ids, response_token_ids }) => {
      if (prompt_token_ids && response_token_ids)
        return { side, index, question, promptTokens: prompt_token_ids, responseTokens: response_token_ids };
      throw new AppError("invalid-file", `${path}: response ${index} has no tokens: run generate again`);
    }),
  );
  const engine = await engines.load(model, { device: "auto", runId: "chat" });
  const directions = [{ layer, vector, component: config.component }];
  const projections = await projectTokens(engine, rows, directions, { signal });
  const tokens = await engine.tokenTexts(
    rows.map(({ promptTokens, responseTokens }) => [...promptTokens, ...responseTokens]),
  );
  return {
    totals: { positive: sides[0]?.total ?? 0, negative: sides[1]?.total ?? 0 },
    rows: rows.map(({ side, index, question, promptTokens }, at) => ({
      side,
      index,
      question,
      prompt: promptTokens.length,
      tokens: tokens[at] ?? [],
      projections: [...(projections[at]?.[0] ?? [])],
    })),
  };
}
