import type { Steerables, SteerableTrait } from "#lib/chat/api.ts";
import { formatTraitId } from "#lib/core/names.ts";
import { parsePosition } from "#lib/core/position.ts";
import { qualityFloors } from "#lib/core/thresholds.ts";
import { parseConfig, type ResolvedConfig, resolveConfig } from "#lib/pipeline/config.ts";
import { experimentNames } from "#lib/pipeline/experiment-list.ts";
import { configPath, resultPaths } from "#lib/pipeline/paths.ts";
import type { ArtifactStore, ModelCatalog } from "#lib/pipeline/ports.ts";
import type { SteeringFile } from "#lib/pipeline/results.ts";
import { traitsWithResults } from "#lib/pipeline/trait-summary.ts";
import { parseMethodMetadata } from "#lib/pipeline/vectors.ts";
import { listModels } from "../engine/installed-models.ts";
import type { Log } from "../log.ts";
import { steeringResults } from "../vectors/steering-results.ts";
import { baseNorms, evaluationOf } from "./base-norms.ts";

interface Source {
  artifacts: ArtifactStore;
  home: string;
  models: ModelCatalog;
  log: Log;
}

/** Everything that can steer: an experiment that cannot be read is left out, and logged. */
export async function listSteerables({ artifacts, home, models, log }: Source): Promise<Steerables> {
  const names = await experimentNames(artifacts);
  const experiments = await Promise.all(
    names.map(async (experiment) => {
      try {
        const text = (await artifacts.readText(configPath(experiment))) ?? "{}";
        const config = resolveConfig(parseConfig(text, configPath(experiment)));
        const { application_model: model, component } = config;
        return [
          { experiment, model, component, traits: await steerableTraits(artifacts, experiment, config) },
        ];
      } catch (error) {
        log.error(`experiment ${experiment} cannot be read`, error);
        return [];
      }
    }),
  );
  const installed = (await listModels({ home })).filter(({ problem }) => problem === null);
  return {
    models: await Promise.all(
      installed.map(async ({ id, label }) => {
        const { hasChatTemplate, layers, hidden } = await models.identify(id);
        return { id, label, chat: hasChatTemplate, layers, hidden };
      }),
    ),
    experiments: experiments.flat().filter(({ traits }) => traits.length > 0),
  };
}

async function steerableTraits(
  artifacts: ArtifactStore,
  experiment: string,
  config: ResolvedConfig,
): Promise<SteerableTrait[]> {
  const evaluation = await evaluationOf(artifacts, experiment);
  const position = parsePosition(config.position);
  const traits = await traitsWithResults(artifacts, experiment);
  const found = await Promise.all(
    traits.map(async (id): Promise<SteerableTrait> => {
      const paths = resultPaths(experiment, id, position, config.component);
      const files = (await artifacts.list(paths.vectorsFolder)).filter((file) =>
        file.endsWith("/metadata.json"),
      );
      const methods = await Promise.all(
        files.map(async (file) => {
          const { method, layers } = parseMethodMetadata((await artifacts.readText(file)) ?? "", file);
          return {
            method,
            layers: Object.keys(layers)
              .map(Number)
              .sort((a, b) => a - b),
          };
        }),
      );
      const results = await steeringResults(artifacts, paths);
      const best = results?.best;
      return {
        trait: formatTraitId(id),
        methods,
        norms: Object.fromEntries(baseNorms(evaluation, results)),
        best: best
          ? { method: best.method, layer: best.layer, coef: best.coef, ratio: best.coef_ratio }
          : null,
        suggested: coherentRatios(results),
      };
    }),
  );
  return found.filter(({ methods }) => methods.length > 0);
}

function coherentRatios(results: SteeringFile | null): [number, number] | null {
  const ratios = (results?.runs ?? []).flatMap(({ coef_ratio, result }) =>
    (result.coherence_mean ?? 0) >= qualityFloors.steeringCoherence ? [coef_ratio] : [],
  );
  return ratios.length === 0 ? null : [Math.min(...ratios), Math.max(...ratios)];
}
