import Papa from "papaparse";
import { AppError } from "#lib/core/errors.ts";
import { formatJson } from "../json.ts";
import { ggufFiles } from "./control-vector.ts";
import { setName, textFile, type VectorFile, type VectorSet } from "./vector-set.ts";

/** IBM's activation-steering: directions by block. */
export function svecFiles(set: VectorSet): VectorFile[] {
  const explained = [...set.layers].flatMap(([layer, { explainedVariance }]) =>
    explainedVariance === undefined ? [] : [[String(layer), explainedVariance] as const],
  );
  return [
    textFile(
      `${setName(set)}.svec`,
      JSON.stringify({
        model_type: set.modelType ?? set.model,
        directions: Object.fromEntries([...set.layers].map(([layer, { vector }]) => [layer, [...vector]])),
        explained_variances: Object.fromEntries(explained),
      }),
    ),
  ];
}

// Neuronpedia's limits.
const MOST_VALUES = 24_576;
const MOST_STRENGTH = 100;

/** Neuronpedia: one file a layer. */
export function neuronpediaFiles(set: VectorSet): VectorFile[] {
  if (set.hidden > MOST_VALUES) {
    throw new AppError(
      "invalid-input",
      `Neuronpedia takes at most ${MOST_VALUES} values, this model has ${set.hidden}`,
    );
  }
  return [...set.layers].map(([layer, { vector }]) => {
    const coef = set.best?.layer === layer ? set.best.coef : 1;
    return textFile(
      `${setName(set)}-layer${layer}.neuronpedia.json`,
      formatJson({
        modelId: set.model,
        layerNumber: layer,
        hookType: "resid-post",
        vector: [...vector],
        vectorDefaultSteerStrength: Math.max(-MOST_STRENGTH, Math.min(MOST_STRENGTH, coef)),
        vectorLabel: `${set.trait} (${set.method})`,
      }),
    );
  });
}

/** A request of vLLM with EasySteer, and the control vector that it names. */
export function vllmFiles(set: VectorSet): VectorFile[] {
  const files = ggufFiles(set, true);
  const layers = set.best ? [set.best.layer] : [...set.layers.keys()];
  const request = {
    steering: {
      vectors: [
        {
          source: files[0]?.name,
          algorithm: "direct",
          scale: set.best?.coef ?? 1,
          layers,
          normalize: false,
          apply: { prompt: "all", generation: "all" },
          params: {},
        },
      ],
      conflict: "sequential",
      debug: false,
    },
  };
  return [...files, textFile(`${setName(set)}-request.json`, formatJson(request))];
}

/** A row a layer: its number, the raw norm and the unit vector's values. */
export function csvFiles(set: VectorSet): VectorFile[] {
  const fields = ["layer", "norm", ...Array.from({ length: set.hidden }, (_, at) => `v${at}`)];
  const data = [...set.layers].map(([layer, { vector, norm }]) => [layer, norm, ...vector]);
  return [textFile(`${setName(set)}.csv`, `${Papa.unparse({ fields, data }, { newline: "\n" })}\n`)];
}
