import { z } from "zod";

const fileSchema = z.object({
  /** Within the model's folder: `config.json`, `onnx/model.onnx`. */
  name: z.string().min(1),
  bytes: z.int().nonnegative(),
  /** Null where the place that offers the file does not say. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});

/** What has to be fetched to run a model somewhere else: one graph with its weights, tokenizer and config. */
export const modelListingSchema = z.object({
  id: z.string().min(1),
  /** Which ONNX file: the suffix of its name, `""` for `model.onnx`. */
  variant: z.string(),
  /** All that are there, the plainest numbers first. */
  variants: z.array(z.string()),
  graphFile: z.string().min(1),
  files: z.array(fileSchema),
  /** Bytes of the largest weight, which must fit one buffer of the device; null where it is not known yet. */
  largestWeight: z.int().nonnegative().nullable(),
  /** How the graph stores its weights (`fp16`, `q4f16`), whatever its name says; null where it is not known yet. */
  dtype: z.string().nullable().default(null),
  /** The content of `tiller.json`. */
  tiller: z.unknown(),
});

export type ModelListing = z.infer<typeof modelListingSchema>;
export type ListedFile = ModelListing["files"][number];

/** The files beside the graph that determine what a model answers, in the order in which they are fingerprinted. */
export const settingsFiles = [
  "config.json",
  "generation_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "chat_template.jinja",
];

/** Suffixes of ONNX files, in order of preference: the plainest numbers first. */
export const variantOrder = ["", "fp16", "q4f16", "q4", "quantized", "int8", "uint8", "q8", "bnb4"];
