import { PreTrainedTokenizer } from "@huggingface/transformers";
import { AppError } from "#lib/core/errors.ts";
import type { ChatMessage, PromptSource } from "./contract.ts";

/** Text to token ids and back, as transformers does it. */
export interface Tokenizer {
  readonly hasChatTemplate: boolean;
  /** The end-of-sequence token named in the tokenizer's config, or null. */
  readonly eosToken: number | null;
  /** Special tokens added; messages go through the chat template with a generation cue. Throws `invalid-input`. */
  encodePrompt(prompt: PromptSource): number[];
  /** Bare text, no special tokens. */
  encodeText(text: string): number[];
  /** Every token as it is; `keepSpecial` false leaves special tokens out. Spaces are never tidied. */
  decode(tokens: readonly number[], keepSpecial?: boolean): string;
}

/**
 * Reads a tokenizer from the contents of `tokenizer.json` and `tokenizer_config.json`.
 * @param chatTemplate the text of `chat_template.jinja`, which newer models keep beside the config
 * @throws AppError `invalid-file` when it cannot be read
 */
export function createTokenizer(json: object, config: object, chatTemplate?: string): Tokenizer {
  const tokenizer = build(json, chatTemplate ? { ...config, chat_template: chatTemplate } : config);
  const encodeText = (text: string, addSpecial: boolean) =>
    text === "" && !addSpecial ? [] : tokenizer.encode(text, { add_special_tokens: addSpecial });
  return {
    hasChatTemplate: tokenizer.chat_template !== null,
    eosToken: tokenizer.eos_token_id ?? null,
    encodePrompt(prompt) {
      if ("tokens" in prompt) return [...prompt.tokens];
      if ("text" in prompt) return encodeText(prompt.text, true);
      return encodeText(renderChat(tokenizer, prompt.messages), false);
    },
    encodeText: (text) => encodeText(text, false),
    decode(tokens, keepSpecial = true) {
      if (tokens.length === 0) return "";
      return tokenizer.decode([...tokens], {
        skip_special_tokens: !keepSpecial,
        clean_up_tokenization_spaces: false,
      });
    },
  };
}

function build(json: object, config: object): PreTrainedTokenizer {
  try {
    return new PreTrainedTokenizer(json, config);
  } catch (cause) {
    throw new AppError("invalid-file", `tokenizer.json cannot be used: ${messageOf(cause)}`, { cause });
  }
}

function renderChat(tokenizer: PreTrainedTokenizer, messages: ChatMessage[]): string {
  if (tokenizer.chat_template === null) {
    throw new AppError(
      "invalid-input",
      "this model has no chat template: choose an instruct model, or base mode (--base-model)",
    );
  }
  try {
    return tokenizer.apply_chat_template(
      messages.map((message) => ({ ...message })),
      { tokenize: false, add_generation_prompt: true },
    );
  } catch (cause) {
    throw new AppError(
      "invalid-input",
      `the model's chat template refused the messages: ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
