import type { WriterSettings } from "#lib/authoring/api.ts";
import { createWriter, type Writer } from "#lib/authoring/writer.ts";
import { AppError } from "#lib/core/errors.ts";
import { createOpenAiTransport } from "#lib/judge/openai-transport.ts";
import { systemPorts } from "#lib/judge/ports.ts";
import type { RunEngines } from "#lib/pipeline/ports.ts";
import type { ModelPlaces } from "../engine/model-folder.ts";
import type { JudgeKeys } from "../judge-keys.ts";
import { readJudgeModel } from "../judge-model.ts";
import { openBuiltin } from "../judges.ts";

export interface WritersOptions {
  engines: RunEngines;
  places: ModelPlaces;
  keys: JudgeKeys;
}

/** Opening loads nothing and sends nothing; the signal ends what the writer does. */
export interface Writers {
  /** Throws `judge-key-missing`, `not-found` (installed model), `usage` (a model that cannot write). */
  open(settings: WriterSettings, signal: AbortSignal): Promise<Writer>;
}

/** A page of text takes longer than a score. */
const TIMEOUT_MS = 300_000;

export function createWriters({ engines, places, keys }: WritersOptions): Writers {
  return {
    async open({ judge, model }, signal) {
      const ports = systemPorts();
      if (judge !== "builtin") {
        const apiKey = await keys.keyFor(judge);
        const endpoint = { baseUrl: judge, apiKey, model, timeoutMs: TIMEOUT_MS, role: "writer" } as const;
        return createWriter(createOpenAiTransport(endpoint), ports, signal);
      }
      const installed = await readJudgeModel(model, places);
      if (installed.promptSet === "builtin-1") {
        throw new AppError(
          "usage",
          `model ${model} can judge but not write: choose an installed instruct model, or an endpoint`,
        );
      }
      const place = { device: "auto", runId: "authoring", signal } as const;
      return createWriter(openBuiltin({ model, ...place }, installed, engines), ports, signal);
    },
  };
}
