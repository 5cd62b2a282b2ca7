import Papa from "papaparse";
import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { formatJson, parseJson } from "../json.ts";
import { ggufFiles } from "./control-vector.ts";
import {
  type FileVectors,
  setName,
  textFile,
  type VectorFile,
  type VectorFileInput,
  type VectorSet,
} from "./vector-set.ts";

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

const numbers = z.array(z.number());
const jsonSchema = z.union(
  [
    z.object({ directions: z.record(z.string().regex(/^\d+$/), numbers), model_type: z.string().optional() }),
    z.object({
      layerNumber: z.number().int().nonnegative(),
      vector: numbers,
      modelId: z.string().optional(),
      hookType: z.literal("resid-post").optional(),
    }),
  ],
  { error: "is neither directions by layer (.svec) nor a Neuronpedia vector of resid-post" },
);

/** An `.svec` file of activation-steering, or a vector of Neuronpedia. */
export function readJsonVectors({ bytes, file }: VectorFileInput): FileVectors {
  const content = parseJson(new TextDecoder().decode(bytes), file, jsonSchema);
  if ("vector" in content) {
    const { layerNumber, vector, modelId } = content;
    return {
      model: modelId ?? null,
      layers: new Map([[layerNumber, { vector: Float32Array.from(vector) }]]),
    };
  }
  const layers = Object.entries(content.directions).map(
    ([layer, vector]) => [Number(layer), { vector: Float32Array.from(vector) }] as const,
  );
  return { model: content.model_type ?? null, layers: new Map(layers) };
}

/** What `csvFiles` wrote. */
export function readCsv({ bytes, file }: VectorFileInput): FileVectors {
  const { data } = Papa.parse<string[]>(new TextDecoder().decode(bytes).trim());
  const layers = data.slice(1).map((fields, at) => {
    const values = fields.map((field) => (field.trim() === "" ? Number.NaN : Number(field)));
    const [layer = Number.NaN, norm = Number.NaN, ...vector] = values;
    if (!Number.isInteger(layer) || values.some((value) => !Number.isFinite(value))) {
      throw new AppError("invalid-file", `${file}:${at + 2}: a layer, a norm and numbers are expected`);
    }
    return [layer, { vector: Float32Array.from(vector), norm }] as const;
  });
  return { model: null, layers: new Map(layers) };
}
