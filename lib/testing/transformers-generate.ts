import { readFileSync } from "node:fs";
import path from "node:path";
import * as transformers from "@huggingface/transformers";
import { InferenceSession } from "onnxruntime-node";

const { Tensor, PretrainedConfig } = transformers;
const models = new Map<string, Promise<Generator>>();

type Generator = { generate(options: Record<string, unknown>): Promise<{ tolist(): bigint[][] }> };

/**
 * Greedy tokens of transformers.js's own generate() over the unedited graph: an independent loop and graph.
 * @returns the answer without the end token
 */
export async function transformersGenerate(
  folder: string,
  prompt: number[],
  maxNewTokens: number,
): Promise<number[]> {
  const model = models.get(folder) ?? open(folder);
  models.set(folder, model);
  const dims = [1, prompt.length];
  const output = await (await model).generate({
    inputs: new Tensor("int64", BigInt64Array.from(prompt, BigInt), dims),
    attention_mask: new Tensor("int64", new BigInt64Array(prompt.length).fill(1n), dims),
    max_new_tokens: maxNewTokens,
    do_sample: false,
  });
  const tokens = (output.tolist()[0] ?? []).map(Number).slice(prompt.length);
  const ends = endTokens(folder);
  const end = tokens.findIndex((token) => ends.includes(token));
  return end < 0 ? tokens : tokens.slice(0, end);
}

function json(folder: string, name: string) {
  return JSON.parse(readFileSync(path.join(folder, name), "utf8"));
}

function endTokens(folder: string): number[] {
  return [json(folder, "generation_config.json").eos_token_id ?? []].flat();
}

async function open(folder: string): Promise<Generator> {
  const config = json(folder, "config.json");
  const session = await InferenceSession.create(path.join(folder, "onnx/model.onnx"), {
    intraOpNumThreads: 1,
  });
  const headSize =
    config.head_dim ?? (config.hidden_size ?? config.n_embd) / (config.num_attention_heads ?? config.n_head);
  const numeric = (shape: readonly (number | string)[]) =>
    shape.map((dim) => (dim === "kv_cache_dim" ? headSize : dim));
  const wrapped = {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    // Newer genai builds call the head size kv_cache_dim, which transformers.js reads as 0.
    inputMetadata: session.inputMetadata.map((input) =>
      input.isTensor ? { ...input, shape: numeric(input.shape) } : input,
    ),
    config: {},
    run: (feeds: InferenceSession.FeedsType) => session.run(feeds),
    release: () => session.release(),
  };
  const Model = Reflect.get(transformers, config.architectures[0]);
  return new Model(
    new PretrainedConfig(config),
    { model: wrapped },
    { generation_config: json(folder, "generation_config.json") },
  );
}
