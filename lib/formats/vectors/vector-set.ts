/** One method's vectors of a trait, layer by layer: what every exchange format is made of. */
export interface VectorSet {
  /** The model that they were read from, as the experiment names it. */
  model: string;
  /** Its family in Transformers (`model_type` of its config.json), which some tools check; null where not known. */
  modelType: string | null;
  /** `category/trait` */
  trait: string;
  method: string;
  position: string;
  component: string;
  /** Blocks of the model. */
  layerCount: number;
  hidden: number;
  /**
   * By layer: the residual stream after block `layer`, 0-based (`hidden_states[layer + 1]` of Transformers).
   * `vector`: unit length [hidden]; `norm`: its length before that.
   */
  layers: ReadonlyMap<
    number,
    { vector: Float32Array<ArrayBuffer>; norm: number; explainedVariance?: number }
  >;
  /** Where steering worked best: times this coefficient the unit vector is added. Null without a steering result. */
  best: { layer: number; coef: number } | null;
}

/** What a file of vectors says, as it says it. */
export interface FileVectors {
  /** The model that it names, or its family; null where it names none. */
  model: string | null;
  /** By layer as in `VectorSet`. `norm`: the vector's length before it was made one, where the file tells. */
  layers: ReadonlyMap<number, { vector: Float32Array<ArrayBuffer>; norm?: number }>;
}

/** Bytes of a file, its name in messages, and the layer of a file that holds one vector without saying whose. */
export interface VectorFileInput {
  bytes: Uint8Array;
  file: string;
  layer?: number;
}

/** A file of an export. */
export interface VectorFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** `optimism-mean_diff`: what files of the set are called. */
export function setName({ trait, method }: Pick<VectorSet, "trait" | "method">): string {
  return `${trait.split("/").at(-1)}-${method.replaceAll(":", "_")}`;
}

export function textFile(name: string, text: string): VectorFile {
  return { name, bytes: new TextEncoder().encode(text) };
}
