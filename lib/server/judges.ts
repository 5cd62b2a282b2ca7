import { AppError } from "#lib/core/errors.ts";
import type { EngineProvider, GenerateRow } from "#lib/engine/contract.ts";
import { readTillerFile } from "#lib/engine/model-config.ts";
import { createBatchedTransport } from "#lib/judge/batched-transport.ts";
import type { Completion, CompletionRequest, JudgementCache, JudgeTransport } from "#lib/judge/contract.ts";
import { createOpenAiTransport } from "#lib/judge/openai-transport.ts";
import { systemPorts } from "#lib/judge/ports.ts";
import type { Judges } from "#lib/pipeline/ports.ts";
import { readModelFiles } from "./engine/model-files.ts";
import { findModelFolder, type ModelPlaces, modelNotFound } from "./engine/model-folder.ts";
import type { JudgeKeys } from "./judge-keys.ts";

export interface JudgesOptions {
  engines: EngineProvider;
  places: ModelPlaces;
  keys: JudgeKeys;
  cache: JudgementCache;
}

/** Judge prompts are short: this many go through the model together. */
const BUILTIN_BATCH = 64;

/** The built-in judge (a bundled model, on the CPU) and any OpenAI-compatible endpoint. */
export function createJudges({ engines, places, keys, cache }: JudgesOptions): Judges {
  // By fingerprint: a model whose files were replaced is another judge.
  const builtin = new Map<string, JudgeTransport>();
  return {
    async open({ judge, model }) {
      const ports = systemPorts();
      if (judge !== "builtin") {
        const apiKey = await keys.keyFor(judge);
        return { transport: createOpenAiTransport({ baseUrl: judge, apiKey, model }), cache, ports };
      }
      const { fingerprint, traits } = await readBuiltin(model, places);
      const transport = builtin.get(fingerprint) ?? openBuiltin(model, fingerprint, traits, engines);
      builtin.set(fingerprint, transport);
      return { transport, cache, ports };
    },
  };
}

/** Throws `not-found`, and `usage` for a model that cannot judge. */
async function readBuiltin(model: string, places: ModelPlaces) {
  const folder = findModelFolder(model, places);
  if (folder === null) throw modelNotFound(model, places);
  const { tiller, fingerprint } = await readModelFiles(folder, { home: places.home });
  const { judge } = readTillerFile(tiller);
  if (judge) return { fingerprint, traits: judge.traits };
  throw new AppError("usage", `model ${model} cannot judge: choose demo, or a judge endpoint (--judge URL)`);
}

function openBuiltin(
  model: string,
  fingerprint: string,
  traits: string[],
  engines: EngineProvider,
): JudgeTransport {
  return createBatchedTransport({
    id: `builtin:${fingerprint.slice(0, 16)}`,
    model,
    traits,
    maxBatch: BUILTIN_BATCH,
    async complete(requests) {
      const engine = await engines.load(model, { device: "cpu" });
      const generations = await engine.generate(requests.map(rowOf));
      return generations.map(({ answer, alternatives, promptTokens, responseTokens }): Completion => {
        const usage = { promptTokens: promptTokens.length, completionTokens: responseTokens.length };
        return {
          text: answer,
          usage,
          ...(alternatives.length > 0 ? { firstTokenAlternatives: alternatives } : {}),
        };
      });
    },
  });
}

function rowOf({ messages, maxTokens, temperature, seed, topLogprobs }: CompletionRequest): GenerateRow {
  return {
    prompt: { messages },
    maxNewTokens: maxTokens,
    ...(temperature > 0 ? { sampling: { temperature, topP: 1 }, seed } : {}),
    ...(topLogprobs === undefined ? {} : { topLogprobs }),
  };
}
