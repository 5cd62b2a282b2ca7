import { availableParallelism } from "node:os";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import type { Device, Engine } from "#lib/engine/contract.ts";
import { createEngine } from "#lib/engine/engine.ts";
import type { Platform } from "#lib/engine/session.ts";
import { fileSource } from "../models/file-source.ts";
import { deviceError, requireDevice } from "./devices.ts";
import { downloadModel } from "./hub.ts";
import { freeMemory } from "./memory.ts";
import { readModelFiles, withoutSymlinks } from "./model-files.ts";
import { findModelFolder, hubCache, isHubId, modelNotFound } from "./model-folder.ts";
import { OrtSession } from "./ort-session.ts";
import { workersFor } from "./team-size.ts";

/** What a worker is told to load; plain data. */
export interface NodeLoadParams {
  modelId: string;
  device: Device;
  batchSize?: number;
  /** Which ONNX file, as a suffix (`q4`) or name. */
  variant?: string;
  /** Threads of all the model's workers together; by default one a core. */
  threads?: number;
  modelFolders?: string[];
  home?: string;
}

// Beyond these sizes a batch costs memory and waiting without running faster.
const MAX_BATCH: Record<Device, number> = { cpu: 64, cuda: 256, webgpu: 64, wasm: 16 };
// Reading states goes over each token once: on the CPU more rows only pad more and leave its caches (bench `engine`).
const MAX_CPU_EXTRACTION = 16;

/**
 * Loads a model into this thread; its calls block the thread while the model runs, so servers load it in a worker.
 * A Hub id that is not installed is downloaded.
 * @throws AppError `not-found`, `invalid-file`, `model-load`, `model-unsupported`, `instrument`, `device-unavailable`
 */
export async function loadNodeEngine(
  params: NodeLoadParams,
  onProgress: (message: string) => void = () => undefined,
): Promise<Engine> {
  const { modelId, device, home } = params;
  await requireDevice(device);
  const folder =
    findModelFolder(modelId, params) ??
    (isHubId(modelId) ? await downloadModel(modelId, hubCache(home), onProgress) : null);
  if (folder === null) throw modelNotFound(modelId, params);
  onProgress(`reading ${folder}`);
  const files = await readModelFiles(folder, { variant: params.variant, home });
  const workers = workersFor({ device, files: files.files }, params.threads);
  const graphFile = await withoutSymlinks(files.graphFile, files.fingerprint, home);
  const engine = await createEngine(
    {
      ...files,
      id: modelId,
      device,
      readGraph: async () => fileSource(graphFile),
      graphFile: path.basename(graphFile),
    },
    nodePlatform(params, workers, path.dirname(graphFile)),
    params.batchSize === undefined ? {} : { batchSize: Math.ceil(params.batchSize / workers) },
  );
  onProgress(`${engine.describe().label} is ready on ${device}`);
  return engine;
}

/** One worker's share of a device: onnxruntime-node, for graphs whose weights lie in `weightsFolder`. */
function nodePlatform(
  { device, threads = availableParallelism() }: NodeLoadParams,
  workers: number,
  weightsFolder: string,
): Platform {
  return {
    async createSession(graph) {
      try {
        return await OrtSession.create(graph, {
          executionProviders: [device],
          // Left to itself the runtime counts the machine's cores, not those that a container may use, and pins to them.
          intraOpNumThreads: Math.max(1, Math.floor(threads / workers)),
          logSeverityLevel: 3,
          extra: { session: { model_external_initializers_file_folder_path: weightsFolder } },
        });
      } catch (error) {
        throw sessionError(device, error);
      }
    },
    freeMemory: async () => (await freeMemory(device)) / workers,
    maxBatch: (mode) => (device === "cpu" && mode === "extraction" ? MAX_CPU_EXTRACTION : MAX_BATCH[device]),
  };
}

function sessionError(device: Device, error: unknown): AppError {
  const text = error instanceof Error ? error.message : String(error);
  if (device !== "cpu" && /ExecutionProvider|providers\/|adapter|shared library/i.test(text)) {
    return deviceError(device, error);
  }
  return new AppError("model-load", `onnxruntime cannot open the model: ${text.split("\n", 1)[0]}`, {
    cause: error,
  });
}
