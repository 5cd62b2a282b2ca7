import type { Download, DownloadSource } from "#lib/browser/asking-engines.ts";
import { chatRow } from "#lib/chat/openai-request.ts";
import { formatVectorName, type SteeringChoice, type VectorName } from "#lib/chat/steering-choice.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Engine, Steering } from "#lib/engine/contract.ts";
import { projectTokens } from "#lib/engine/projections.ts";
import { readSafetensors } from "#lib/formats/safetensors.ts";
import { toFloat32 } from "#lib/formats/tensor.ts";
import type { BrowserDevice } from "../browser-devices.ts";
import { requestBytes } from "../request.ts";
import type { ChatBackend } from "./backend.ts";

export interface BrowserBackendOptions {
  device: BrowserDevice;
  /** Asked before a large model is fetched; rejects to load nothing. */
  ask(download: Download): Promise<DownloadSource>;
  onProgress(message: string): void;
}

export interface BrowserBackend extends ChatBackend {
  /** Frees the model's memory. */
  dispose(): Promise<void>;
}

/** This browser's own engine; vectors come from the server once. Both sides of a turn share a batch. */
export async function createBrowserBackend({
  device,
  ask,
  onProgress,
}: BrowserBackendOptions): Promise<BrowserBackend> {
  // The runtime's half of the page is fetched only by who runs a model.
  const { createAskingEngines } = await import("#lib/browser/asking-engines.ts");
  const engines = createAskingEngines(ask);
  const vectors = new Map<string, Promise<Float32Array>>();
  const vectorOf = (name: VectorName) => {
    const key = formatVectorName(name);
    const loading = vectors.get(key) ?? fetchVector(name);
    vectors.set(key, loading);
    loading.catch(() => vectors.delete(key));
    return loading;
  };
  const load = (model: string): Promise<Engine> => engines.load(model, { device, onProgress });
  const steeringOf = async ({ vectors: chosen, tokens }: SteeringChoice): Promise<Steering> => ({
    tokens,
    vectors: await Promise.all(
      chosen.map(async ({ operator, coef = 0, ...name }) => ({
        layer: name.layer,
        vector: await vectorOf(name),
        coef,
        operator,
      })),
    ),
  });
  return {
    async answer({ model, sides, ...turn }, onText, signal) {
      const engine = await load(model);
      const rows = await Promise.all(
        sides.map(async ({ messages, steering }) =>
          chatRow({ ...turn, messages, steering: steering ? await steeringOf(steering) : undefined }),
        ),
      );
      onProgress("");
      const generations = await engine.generate(rows, {
        signal,
        onToken: (side, _, text) => onText(side, text),
      });
      return generations.map(({ answer, finish, promptTokens, responseTokens }) => ({
        text: answer,
        finish,
        promptTokens,
        responseTokens,
      }));
    },
    async project(model, names, answers, signal) {
      const engine = await load(model);
      const directions = await Promise.all(
        names.map(async (name) => ({
          layer: name.layer,
          component: name.component,
          vector: await vectorOf(name),
        })),
      );
      const projections = await projectTokens(engine, answers, directions, { signal });
      const texts = await engine.tokenTexts(
        answers.map(({ promptTokens, responseTokens }) => [...promptTokens, ...responseTokens]),
      );
      return answers.map(({ promptTokens }, at) => ({
        tokens: texts[at] ?? [],
        prompt: promptTokens.length,
        projections: (projections[at] ?? []).map((values) => [...values]),
        means: [],
      }));
    },
    dispose: () => engines.dispose(),
  };
}

async function fetchVector({ experiment, trait, method, layer }: VectorName): Promise<Float32Array> {
  const query = new URLSearchParams({ trait, method, layers: String(layer), format: "safetensors" });
  const path = `/api/experiments/${encodeURIComponent(experiment)}/vectors?${query}`;
  const { tensors } = readSafetensors(await requestBytes(path, {}), path);
  const tensor = tensors.get(`layer_${layer}`);
  if (tensor) return toFloat32(tensor);
  throw new AppError("not-found", `${path} holds no vector of layer ${layer}`);
}
