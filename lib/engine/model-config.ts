import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";

const count = z.number().int().positive();
const tokenIds = z.union([z.number().int(), z.array(z.number().int())]).nullish();

// The names that model families use for the same thing (transformers' config classes).
const textConfig = z.looseObject({
  model_type: z.string().optional(),
  num_hidden_layers: count.optional(),
  n_layer: count.optional(),
  num_layers: count.optional(),
  hidden_size: count.optional(),
  n_embd: count.optional(),
  intermediate_size: count.nullish(),
  n_inner: count.nullish(),
  ffn_dim: count.nullish(),
  vocab_size: count.optional(),
  num_attention_heads: count.optional(),
  n_head: count.optional(),
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  max_position_embeddings: count.optional(),
  n_positions: count.optional(),
  max_seq_len: count.optional(),
  eos_token_id: tokenIds,
  pad_token_id: z.number().int().nullish(),
});
const configFile = textConfig.extend({ text_config: textConfig.optional() });
const generationConfigFile = z.looseObject({
  eos_token_id: tokenIds,
  pad_token_id: z.number().int().nullish(),
});

/** `tiller.json` beside a model's config: what Tiller says about it. */
const tillerFile = z.object({
  label: z.string().optional(),
  description: z.string().optional(),
  judge: z
    .object({
      traits: z.array(z.string()),
      prompts: z.string(),
      /** By trait (and `coherence`): how its scores follow the labels of texts it was not trained on. */
      agreement: z
        .record(z.string(), z.object({ spearman: z.number(), auc: z.number(), n: z.number() }))
        .optional(),
    })
    .nullish(),
  /** A model that writes only in sentences it was taught, in prompts of its own. */
  writer: z.object({ prompts: z.string() }).nullish(),
  base_mode: z.boolean().optional(),
});

/** What config.json and generation_config.json say, under one name each. Undefined where they are silent. */
export interface ModelConfig {
  layers: number | undefined;
  hidden: number | undefined;
  intermediate: number | undefined;
  vocabulary: number | undefined;
  heads: number | undefined;
  kvHeads: number | undefined;
  headSize: number | undefined;
  contextLength: number | undefined;
  /** Every token that ends an answer. */
  eosTokens: number[];
}

/**
 * Reads config.json and generation_config.json (parsed JSON; null where there is no such file).
 * The generation config's end tokens come before the config's.
 * @throws AppError `invalid-file` naming the file and the member
 */
export function readModelConfig(config: unknown, generationConfig: unknown): ModelConfig {
  const whole = parse(configFile, config, "config.json");
  const text = whole.text_config ?? whole;
  const generation =
    generationConfig === null ? {} : parse(generationConfigFile, generationConfig, "generation_config.json");
  const hidden = text.hidden_size ?? text.n_embd;
  const heads = text.num_attention_heads ?? text.n_head;
  const eos = generation.eos_token_id ?? text.eos_token_id ?? whole.eos_token_id ?? [];
  return {
    layers: text.num_hidden_layers ?? text.n_layer ?? text.num_layers,
    hidden,
    intermediate: text.intermediate_size ?? text.n_inner ?? text.ffn_dim ?? undefined,
    vocabulary: text.vocab_size,
    heads,
    kvHeads: text.num_key_value_heads ?? heads,
    headSize: text.head_dim ?? (hidden && heads ? hidden / heads : undefined),
    contextLength: text.max_position_embeddings ?? text.n_positions ?? text.max_seq_len,
    eosTokens: typeof eos === "number" ? [eos] : eos,
  };
}

export type TillerFile = z.infer<typeof tillerFile>;

/** Reads `tiller.json` (parsed JSON; null where there is none). Throws `invalid-file`. */
export function readTillerFile(json: unknown): TillerFile {
  return json === null ? {} : parse(tillerFile, json, "tiller.json");
}

function parse<T extends z.ZodType>(schema: T, value: unknown, file: string): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join(".")}` : "";
  throw new AppError(
    "invalid-file",
    `${file} is not a usable model config${where}: ${issue?.message ?? "?"}`,
  );
}
