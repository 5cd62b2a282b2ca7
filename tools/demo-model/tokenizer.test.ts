import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { AutoTokenizer, env, type PreTrainedTokenizer } from "@huggingface/transformers";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

/** Ids as Python's `tokenizers` gives them (tokenizer_cases.py writes the file). */
const casesSchema = z.object({
  plain: z.array(z.object({ text: z.string(), ids: z.array(z.number()) })),
  chats: z.array(
    z.object({
      turns: z.array(z.object({ role: z.string(), content: z.string() })),
      ids: z.array(z.number()),
    }),
  ),
});

const read = async (path: string) =>
  casesSchema.parse(JSON.parse(await readFile(new URL(path, import.meta.url), "utf8")));

describe("the demo model's tokenizer in JavaScript", () => {
  let tokenizer: PreTrainedTokenizer;
  beforeAll(async () => {
    env.allowRemoteModels = false;
    env.allowLocalModels = true;
    env.localModelPath = fileURLToPath(new URL("../../public/models/", import.meta.url));
    tokenizer = await AutoTokenizer.from_pretrained("demo");
  });

  test("gives Python's ids for plain text, bos included", async () => {
    const { plain } = await read("./fixtures/tokenizer_cases.json");
    expect(plain.length).toBe(100);
    for (const { text, ids } of plain) expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
  });

  test("gives Python's ids for chats with the generation prompt", async () => {
    const { chats } = await read("./fixtures/tokenizer_cases.json");
    expect(chats.length).toBe(100);
    for (const { turns, ids } of chats) {
      const got = tokenizer.apply_chat_template(turns, {
        add_generation_prompt: true,
        tokenize: true,
        return_tensor: false,
        return_dict: false,
      });
      expect(got, JSON.stringify(turns)).toEqual(ids);
    }
  });

  test("scores and verdicts are one token after the assistant's role token", () => {
    const words = [...Array.from({ length: 11 }, (_, i) => String(10 * i)), "ENGAGES", "OFF_TOPIC"];
    const first = words.map((word) => {
      const ids = tokenizer.encode(`<|assistant|>${word}<|end|>`, { add_special_tokens: false });
      expect(ids.length, word).toBe(3);
      return ids[1];
    });
    expect(new Set(first).size).toBe(words.length);
  });
});
