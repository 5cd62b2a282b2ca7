import { existsSync } from "node:fs";
import path from "node:path";
import { bundledScenarios, type ScenarioSourceSettings } from "#lib/caa/request.ts";
import type { ScenarioSource } from "#lib/caa/scenarios/source.ts";
import { AppError } from "#lib/core/errors.ts";
import type { JudgePorts } from "#lib/judge/contract.ts";
import { systemPorts } from "#lib/judge/ports.ts";
import { projectRoot } from "../../paths.ts";
import { HubClient } from "./hub-client.ts";
import { isHubId, openHubDataset } from "./hub-dataset.ts";
import { openTableFile, tableEnd } from "./tables.ts";

const BUNDLED = "datasets/scenarios/village.jsonl";
const HUB = "https://huggingface.co";

/** Where datasets are looked for. */
export interface SourcePlaces {
  home: string;
  /** A file's name is looked for here; absolute. */
  folder: string;
  /** Any file of this computer may be named: the person at the command line may read it anyway. */
  anyFile: boolean;
  hubToken(): Promise<string | undefined>;
  /** Default: HF_ENDPOINT, else huggingface.co. */
  hubEndpoint?: string;
  ports?: JudgePorts;
  signal?: AbortSignal | undefined;
}

/** Throws `usage`, `not-found`, `forbidden`, `invalid-file`. */
export async function openScenarios(
  settings: ScenarioSourceSettings,
  places: SourcePlaces,
): Promise<ScenarioSource> {
  const { dataset } = settings;
  if (dataset === bundledScenarios) {
    const file = [places.home, projectRoot()]
      .map((root) => path.join(root, BUNDLED))
      .find((one) => existsSync(one));
    if (file === undefined) throw new AppError("not-found", `the bundled scenarios ${BUNDLED} are missing`);
    const source = await openTableFile(file, BUNDLED);
    return { ...source, settings: { ...source.settings, dataset } };
  }
  const file = path.resolve(places.folder, dataset);
  if (tableEnd(dataset) !== undefined || (places.anyFile && existsSync(file))) {
    const inside = path.dirname(file) === path.resolve(places.folder);
    if (places.anyFile || inside) return openTableFile(file, dataset);
    throw new AppError(
      "forbidden",
      `${dataset} lies outside the build's folder: upload it, or build it with tiller caa build`,
    );
  }
  if (!isHubId(dataset)) {
    throw new AppError(
      "usage",
      `dataset ${JSON.stringify(dataset)} is neither bundled, a file that is there, nor an id on the Hugging Face Hub (owner/name)`,
    );
  }
  const { ports = systemPorts(), signal } = places;
  const endpoint = places.hubEndpoint ?? (process.env.HF_ENDPOINT || HUB);
  const hub = new HubClient({ endpoint, token: await places.hubToken(), ports, signal });
  return openHubDataset(hub, settings);
}
