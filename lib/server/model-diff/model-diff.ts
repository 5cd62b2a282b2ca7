import { formatTraitId } from "#lib/core/names.ts";
import { isLent } from "#lib/engine/run-device.ts";
import { formatJson } from "#lib/formats/json.ts";
import { createRunContext, openTrait, type TraitContext } from "#lib/pipeline/context.ts";
import type { RunEvent } from "#lib/pipeline/events.ts";
import { modelDiffFolder, modelDiffPath } from "#lib/pipeline/model-diff/files.ts";
import { compareSeparation, readRows } from "#lib/pipeline/model-diff/separation.ts";
import { compareSteering } from "#lib/pipeline/model-diff/steering.ts";
import type { ModelDiff, ModelDiffEvent, ModelDiffRequest } from "#lib/pipeline/model-diff-api.ts";
import type { ModelIdentity, PipelinePorts } from "#lib/pipeline/ports.ts";
import { createScope } from "#lib/pipeline/stage.ts";
import { steeringVector } from "#lib/pipeline/steer-settings.ts";
import type { TraitPlace } from "../vectors/sets.ts";
import { requireFit } from "./others.ts";
import { defaultRatio, openVector } from "./vector.ts";

type Say = (event: ModelDiffEvent) => void;

/** A comparison whose inputs are read and fit each other; nothing is computed yet. */
export interface OpenedModelDiff {
  /**
   * Compares, writes the result and returns it. What is known of answers and judgements is not made again.
   * Throws `aborted`, and what the models throw.
   */
  run(say: Say): Promise<ModelDiff>;
}

/**
 * Separation and steering of one vector on its own model and on another.
 * Throws `not-found` (experiment, vectors, model, responses), `invalid-input` (another width, fewer layers), `conflict`
 * (responses that are not those that were captured), `usage`.
 */
export async function openModelDiff(
  ports: Omit<PipelinePorts, "emit">,
  experiment: string,
  request: ModelDiffRequest,
  signal: AbortSignal,
): Promise<OpenedModelDiff> {
  const { artifacts } = ports;
  const { method, layer } = request;
  const { place, model, decider } = await openVector(artifacts, { ...request, experiment });
  const b = await ports.models.identify(request.model);
  requireFit({ layer, hidden: decider.vector.length, model }, b);
  const a = await ports.models.identify(model);
  const vector = await steeringVector(method, layer, Float32Array.from(decider.vector));
  const ratio = request.ratio ?? (await defaultRatio(artifacts, place)).ratio;

  let say: Say = () => {};
  const traits = await traitsOf(ports, place, { a, b }, request, (event) => say(event), signal);
  const rows = await readRows(traits.a);
  return {
    async run(told) {
      say = told;
      const scopes = { a: createScope(traits.a, "steer"), b: createScope(traits.b, "steer") };
      const separation = await compareSeparation(
        traits.a,
        { scope: createScope(traits.b, "capture"), model: b },
        rows,
        { method, layer, decider },
      );
      const steering = await compareSteering(scopes, vector, ratio);
      const { id, config } = place;
      const { position, component, seed } = config;
      const result: ModelDiff = {
        experiment: place.experiment,
        trait: formatTraitId(id),
        ...{ method, layer, position, component },
        hidden: vector.vector.length,
        vector_sha256: vector.hash,
        seed,
        created_at: ports.now().toISOString(),
        code_version: ports.codeVersion,
        models: { a: aboutModel(a), b: aboutModel(b) },
        ...separation,
        ...steering,
      };
      await artifacts.write(
        modelDiffPath(place.experiment, id, { method, layer, model: b.id }),
        formatJson(result),
      );
      return result;
    },
  };
}

function aboutModel({ id, fingerprint, layers, hasChatTemplate }: ModelIdentity) {
  return { id, fingerprint, layers, chat_template: hasChatTemplate };
}

/** The trait as a run of either model sees it: one judge, one set of engines, working files of its own. */
async function traitsOf(
  ports: Omit<PipelinePorts, "emit">,
  { experiment, id, config: own }: TraitPlace,
  models: { a: ModelIdentity; b: ModelIdentity },
  { layer, questions }: ModelDiffRequest,
  say: Say,
  signal: AbortSignal,
): Promise<{ a: TraitContext; b: TraitContext }> {
  const portsOf = (model: string): PipelinePorts => ({ ...ports, emit: (event) => tell(event, model, say) });
  const configOf = (model: string) => ({
    ...own,
    extraction_model: model,
    application_model: model,
    layers: String(layer),
    samples: 1,
    temperature: 0,
    // The activations tell which responses passed; a run's own settings may have decided that.
    vetting_filter: false,
    // Nobody lends a browser to a comparison.
    device: isLent(own.device) ? ("auto" as const) : own.device,
    judge_device: isLent(own.judge_device) ? ("auto" as const) : own.judge_device,
    ...(questions === undefined ? {} : { questions }),
  });
  const spec = { run_id: "model-diff", experiment, traits: [id], stages: [], config: configOf(models.a.id) };
  const run = createRunContext(spec, portsOf(models.a.id), signal);
  const trait = await openTrait(run, id);
  const folder = modelDiffFolder(experiment, id);
  const paths = {
    ...trait.paths,
    activations: {
      ...trait.paths.activations,
      parts: `${folder}/parts/${models.b.id.replaceAll("/", "--")}`,
    },
    steering: { ...trait.paths.steering, judgements: `${folder}/judgements.jsonl` },
  };
  return {
    a: { ...trait, paths },
    b: {
      ...trait,
      paths,
      run: { ...run, config: configOf(models.b.id), ports: portsOf(models.b.id) },
    },
  };
}

function tell(event: RunEvent, model: string, say: Say): void {
  if (event.kind === "progress") {
    const { done, total, unit } = event;
    say({ progress: { model, done, total, unit } });
  } else if (event.kind === "notice") {
    say({ notice: event.message });
  } else if (event.kind === "item-failed") {
    say({ notice: `${model}, ${event.item}: ${event.error.userMessage}` });
  }
}
