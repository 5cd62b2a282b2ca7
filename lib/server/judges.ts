import { chatRow } from "#lib/chat/openai-request.ts";
import type { Engine, Generation } from "#lib/engine/contract.ts";
import { isLent } from "#lib/engine/run-device.ts";
import { createBatchedTransport } from "#lib/judge/batched-transport.ts";
import type { Completion, JudgementCache, JudgeTransport } from "#lib/judge/contract.ts";
import type { EndpointRole } from "#lib/judge/openai-errors.ts";
import { createOpenAiTransport } from "#lib/judge/openai-transport.ts";
import { systemPorts } from "#lib/judge/ports.ts";
import type { JudgeForRun, Judges, RunEngines } from "#lib/pipeline/ports.ts";
import type { ModelPlaces } from "./engine/model-folder.ts";
import type { JudgeKeys } from "./judge-keys.ts";
import { type JudgeModel, readJudgeModel } from "./judge-model.ts";

export interface JudgesOptions {
  engines: RunEngines;
  places: ModelPlaces;
  keys: JudgeKeys;
  cache: JudgementCache;
}

/** Judge prompts are short: this many go through the model together. */
const BUILTIN_BATCH = 64;

/** The built-in judge (an installed model, here or in a browser that lends itself) and any OpenAI-compatible endpoint. */
export function createJudges({ engines, places, keys, cache }: JudgesOptions): Judges {
  // By fingerprint: a model whose files were replaced is another judge. Runs that judge here share one queue.
  const shared = new Map<string, JudgeTransport>();
  return {
    async open(wish) {
      const { judge, model, device } = wish;
      const ports = systemPorts();
      if (judge !== "builtin") {
        const apiKey = await keys.keyFor(judge);
        return { transport: createOpenAiTransport({ baseUrl: judge, apiKey, model }), cache, ports };
      }
      const judgeModel = await readJudgeModel(model, places);
      if (isLent(device)) return { transport: openBuiltin(wish, judgeModel, engines), cache, ports };
      const key = `${device} ${judgeModel.fingerprint}`;
      const { runId } = wish;
      const transport =
        shared.get(key) ?? openBuiltin({ model, device, runId, signal: undefined }, judgeModel, engines);
      shared.set(key, transport);
      return { transport, cache, ports };
    },
  };
}

/**
 * A model that Tiller runs, asked through the judge's interface. The signal ends what it computes.
 * @param role as its progress names it
 */
export function openBuiltin(
  {
    model,
    signal,
    onProgress,
    role = "judge",
    ...place
  }: Omit<JudgeForRun, "judge"> & { role?: EndpointRole },
  { fingerprint, promptSet, traits, agreement }: JudgeModel,
  engines: RunEngines,
): JudgeTransport {
  let lent: Promise<Engine> | undefined;
  const load = (): Promise<Engine> => {
    const options = { ...place, onProgress: (message: string) => onProgress?.(`${role}: ${message}`) };
    // An engine of this server may have been put away since; a lent one is the run's own.
    if (!isLent(place.device)) return engines.load(model, options);
    lent ??= engines.load(model, options);
    return lent;
  };
  return createBatchedTransport({
    // The device is no part of it: the same files give the same scores wherever they run.
    id: `builtin:${fingerprint.slice(0, 16)}`,
    model,
    promptSet,
    agreement,
    ...(traits ? { traits } : {}),
    maxBatch: BUILTIN_BATCH,
    async complete(requests) {
      const engine = await load();
      const generations = await engine.generate(requests.map(chatRow), { signal });
      return Promise.all(
        generations.map(async (generation, at): Promise<Completion> => {
          const completion = completionOf(generation);
          // Only the probe asks how a longer reply is cut into tokens.
          const { topLogprobs, maxTokens = 1 } = requests[at] ?? {};
          if (topLogprobs === undefined || maxTokens === 1) return completion;
          return { ...completion, tokens: (await engine.tokenTexts([generation.responseTokens]))[0] };
        }),
      );
    },
  });
}

function completionOf({ answer, alternatives, promptTokens, responseTokens }: Generation): Completion {
  return {
    text: answer,
    usage: { promptTokens: promptTokens.length, completionTokens: responseTokens.length },
    ...(alternatives.length > 0 ? { firstTokenAlternatives: alternatives } : {}),
  };
}
