import { AutoModelForCausalLM, env, type PreTrainedModel, Tensor } from "@huggingface/transformers";
import { requestAdapter } from "#lib/browser/abilities.ts";
import { ownGraphicsDevice } from "#lib/browser/graphics-device.ts";
import { configureRuntime, type WebDevice } from "#lib/browser/runtime.ts";
import { answer } from "./answer.ts";

export type TransformersQuestion =
  | { kind: "load"; model: string; device: WebDevice; threads: number }
  | { kind: "generate"; rows: number[][]; newTokens: number };

let model: PreTrainedModel | undefined;

/** Plain transformers.js: the unedited graph in fp32, greedy `generate()` on ready tokens of one length. */
answer<TransformersQuestion>(async (question) => {
  if (question.kind === "load") {
    const { model: id, device, threads } = question;
    env.allowRemoteModels = false;
    env.allowLocalModels = true;
    env.localModelPath = `${self.location.origin}/models/`;
    env.useBrowserCache = false;
    env.useWasmCache = false;
    configureRuntime({ threads });
    const graphics = device === "webgpu" ? await ownGraphicsDevice(await requestAdapter()) : null;
    model = await AutoModelForCausalLM.from_pretrained(id, {
      device,
      dtype: "fp32",
      ...(graphics
        ? { session_options: { executionProviders: [{ name: "webgpu", device: graphics }] } }
        : {}),
    });
    return null;
  }
  const { rows, newTokens } = question;
  const dims = [rows.length, rows[0]?.length ?? 0];
  const ids = BigInt64Array.from(rows.flat(), BigInt);
  const output = await model?.generate({
    inputs: new Tensor("int64", ids, dims),
    attention_mask: new Tensor("int64", new BigInt64Array(ids.length).fill(1n), dims),
    max_new_tokens: newTokens,
    do_sample: false,
  } as Parameters<PreTrainedModel["generate"]>[0]);
  return (output as Tensor).tolist().map((row: bigint[]) => row.slice(dims[1]).map(Number));
});
