import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseTraitId } from "#lib/core/names.ts";
import { parsePosition } from "#lib/core/position.ts";
import { formatJson } from "#lib/formats/json.ts";
import { evaluationPath, resultPaths } from "#lib/pipeline/paths.ts";
import { writeVector } from "#lib/pipeline/vectors.ts";

/** A unit vector that differs between seeds, [hidden]. */
export function plantedVector(hidden: number, seed: number): Float32Array {
  const raw = Float64Array.from({ length: hidden }, (_, at) => Math.sin(at * 1.7 + seed));
  const length = Math.hypot(...raw);
  return Float32Array.from(raw, (value) => value / length);
}

/** An experiment's folder that holds vectors of one method and the norms of its layers, and nothing that led to them. */
export function plantVectors(
  home: string,
  {
    experiment,
    trait,
    method = "mean_diff",
    model = "demo",
  }: Record<"experiment" | "trait", string> & {
    method?: string;
    model?: string;
  },
  vectors: ReadonlyMap<number, Float32Array>,
  norm = 10,
): void {
  const write = (file: string, data: string | Uint8Array) => {
    mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
    writeFileSync(path.join(home, file), data);
  };
  const paths = resultPaths(experiment, parseTraitId(trait), parsePosition("response[:]"), "residual");
  const about = { model, trait, method, position: "response[:]", component: "residual" };
  write(
    `experiments/${experiment}/config.json`,
    formatJson({ extraction_model: model, application_model: model, traits: [trait] }),
  );
  const layers = [...vectors.keys()];
  write(
    paths.vectorMetadata(method),
    formatJson({
      ...about,
      layers: Object.fromEntries(layers.map((layer) => [layer, { norm: 1, baseline: 0, train_acc: 1 }])),
    }),
  );
  for (const [layer, vector] of vectors) write(paths.vector(method, layer), writeVector(vector, {}));
  write(
    evaluationPath(experiment),
    formatJson({
      ...about,
      activation_norms: Object.fromEntries(layers.map((layer) => [layer, norm])),
      all_results: [],
    }),
  );
}
