import { describe, expect, it } from "vitest";
import { readModelConfig, readTillerFile } from "./model-config.ts";

describe("model config", () => {
  it("reads what a Llama config says", () => {
    const config = {
      model_type: "llama",
      num_hidden_layers: 28,
      hidden_size: 2048,
      intermediate_size: 8192,
      vocab_size: 128256,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      head_dim: 64,
      max_position_embeddings: 131072,
      eos_token_id: 128001,
    };
    expect(readModelConfig(config, null)).toEqual({
      layers: 28,
      hidden: 2048,
      intermediate: 8192,
      vocabulary: 128256,
      heads: 32,
      kvHeads: 8,
      headSize: 64,
      contextLength: 131072,
      eosTokens: [128001],
    });
  });

  it("knows GPT-2's names for the same things", () => {
    const config = {
      n_layer: 12,
      n_embd: 768,
      n_inner: null,
      n_head: 12,
      n_positions: 1024,
      vocab_size: 50257,
    };
    expect(readModelConfig({ ...config, eos_token_id: 50256 }, null)).toMatchObject({
      layers: 12,
      hidden: 768,
      intermediate: undefined,
      kvHeads: 12,
      headSize: 64,
      contextLength: 1024,
      eosTokens: [50256],
    });
  });

  it("takes the text part of a model with several", () => {
    const config = { model_type: "gemma3", text_config: { num_hidden_layers: 26 }, eos_token_id: [1, 106] };
    expect(readModelConfig(config, null)).toMatchObject({ layers: 26, eosTokens: [1, 106] });
  });

  it("lets the generation config's end tokens win", () => {
    const config = { eos_token_id: 2 };
    expect(readModelConfig(config, { eos_token_id: [3, 2] }).eosTokens).toEqual([3, 2]);
    expect(readModelConfig(config, {}).eosTokens).toEqual([2]);
    expect(readModelConfig({}, null).eosTokens).toEqual([]);
  });

  it.each([
    [{ num_hidden_layers: "many" }, "config.json is not a usable model config at num_hidden_layers: "],
    [
      { text_config: { vocab_size: -1 } },
      "config.json is not a usable model config at text_config.vocab_size: ",
    ],
    [[], "config.json is not a usable model config: "],
  ])("refuses %j in one line", (config, message) => {
    expect(() => readModelConfig(config, null)).toThrow(
      expect.objectContaining({ code: "invalid-file", message: expect.stringContaining(message) }),
    );
  });
});

describe("tiller.json", () => {
  it("says who can judge what", () => {
    const judge = { traits: ["optimism"], prompts: "builtin-1" };
    expect(readTillerFile({ label: "Demo", judge, base_mode: true })).toMatchObject({ label: "Demo", judge });
    expect(readTillerFile(null)).toEqual({});
  });

  it("is refused with the member that is wrong", () => {
    expect(() => readTillerFile({ judge: { traits: "optimism", prompts: "builtin-1" } })).toThrow(
      /^tiller\.json is not a usable model config at judge\.traits: /,
    );
  });
});
