import { AppError } from "#lib/core/errors.ts";
import type { Instance } from "../instance.ts";
import type { OwnVectorsPorts } from "./own-vectors.ts";
import type { VectorChoice } from "./sets.ts";

/** Which vectors a query names: `trait`, `method`, and where they differ from the experiment's `position`, `component`. */
export function vectorChoice(experiment: string, query: URLSearchParams): VectorChoice {
  const choice: VectorChoice = {
    experiment,
    trait: query.get("trait") ?? "",
    method: query.get("method") ?? "mean_diff",
  };
  for (const name of ["position", "component", "layers"] as const) {
    const value = query.get(name);
    if (value !== null) choice[name] = value;
  }
  return choice;
}

/** `layer` of a query. Throws `usage`. */
export function requiredLayer(query: URLSearchParams): number {
  const text = query.get("layer") ?? "";
  if (/^\d+$/.test(text)) return Number(text);
  throw new AppError(
    "usage",
    `layer ${JSON.stringify(text)} is not known: write a layer's number, such as 3`,
  );
}

export function ownVectorsPorts({ artifacts, ports }: Instance): OwnVectorsPorts {
  return { artifacts, evaluateLayer: (job) => ports.compute.evaluateLayer(job) };
}
