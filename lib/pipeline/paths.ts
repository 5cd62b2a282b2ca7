import { formatTraitId, type TraitId } from "#lib/core/names.ts";
import { type Position, positionPath } from "#lib/core/position.ts";

/** The folder of an experiment (formats.md section 2), relative to TILLER_HOME. */
export function experimentFolder(experiment: string): string {
  return `experiments/${experiment}`;
}

export function configPath(experiment: string): string {
  return `${experimentFolder(experiment)}/config.json`;
}

/** Where a trait's scenarios are written. */
export function traitFolder(id: TraitId): string {
  return `datasets/traits/${formatTraitId(id)}`;
}

/** extraction_evaluation.json: one file for all traits of the experiment. */
export function evaluationPath(experiment: string): string {
  return `${experimentFolder(experiment)}/extraction/extraction_evaluation.json`;
}

export function reportPath(experiment: string): string {
  return `${experimentFolder(experiment)}/report.md`;
}

export function manifestPath(experiment: string): string {
  return `${experimentFolder(experiment)}/manifest.json`;
}

/** Every path of one trait's results at one position and component. */
export function resultPaths(experiment: string, id: TraitId, position: Position, component: string) {
  const extraction = `${experimentFolder(experiment)}/extraction/${formatTraitId(id)}`;
  const place = `${positionPath(position)}/${component}`;
  const activations = `${extraction}/activations/${place}`;
  const vectors = `${extraction}/vectors/${place}`;
  const steering = `${experimentFolder(experiment)}/steering/${formatTraitId(id)}/${positionPath(position)}`;
  return {
    extraction,
    stages: `${extraction}/stages.json`,
    scenarioScores: `${extraction}/vetting/scenario_scores.json`,
    responseScores: `${extraction}/vetting/response_scores.json`,
    vettingJudgements: `${extraction}/vetting/judgements.jsonl`,
    humanLabels: `${extraction}/vetting/human_labels.jsonl`,
    rounds: `${extraction}/vetting/rounds.jsonl`,
    responses: {
      positive: `${extraction}/responses/pos.json`,
      negative: `${extraction}/responses/neg.json`,
    },
    activations: {
      folder: activations,
      parts: `${activations}/parts`,
      train: `${activations}/train_all_layers.safetensors`,
      val: `${activations}/val_all_layers.safetensors`,
      metadata: `${activations}/metadata.json`,
    },
    vectorsFolder: vectors,
    vector: (method: string, layer: number) => `${vectors}/${method}/layer${layer}.safetensors`,
    vectorMetadata: (method: string) => `${vectors}/${method}/metadata.json`,
    steering: {
      folder: steering,
      results: `${steering}/results.json`,
      judgements: `${steering}/judgements.jsonl`,
      /** Relative to the steering folder, as results.json names it. */
      samples: (name: string) => `responses/${name}.json`,
    },
  };
}

export type ResultPaths = ReturnType<typeof resultPaths>;
