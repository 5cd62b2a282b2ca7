import { AppError } from "#lib/core/errors.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import type { ModelPlaces } from "../engine/model-folder.ts";
import { readVectorSet } from "./sets.ts";

/** Vectors by layer, from an experiment or a file. */
export interface NamedVectors {
  /** `experiment/category/trait/method`, or the file's name. */
  name: string;
  model: string | null;
  hidden: number;
  /** Unit vectors with the norm that they had. */
  layers: ReadonlyMap<number, { vector: Float32Array<ArrayBuffer>; norm: number }>;
  /** Where an experiment has them; null for a file. */
  place: VectorRef | null;
}

export interface VectorRef {
  experiment: string;
  trait: string;
  method: string;
}

/**
 * Reads `experiment/category/trait/method`; beside a place also `category/trait/method` and `method` alone.
 * Throws `usage`.
 */
export function parseVectorRef(text: string, beside?: Omit<VectorRef, "method">): VectorRef {
  const parts = text.split("/");
  const method = parts.at(-1) ?? "";
  if (parts.every((part) => part !== "")) {
    const [experiment = "", category, trait] = parts;
    if (parts.length === 4) return { experiment, trait: `${category}/${trait}`, method };
    if (parts.length === 3 && beside) {
      return { experiment: beside.experiment, trait: `${parts[0]}/${parts[1]}`, method };
    }
    if (parts.length === 1 && beside) return { ...beside, method };
  }
  throw new AppError(
    "usage",
    `vectors ${JSON.stringify(text)} are not known: write experiment/category/trait/method (for example sample/demo/optimism/mean_diff)${beside ? ", category/trait/method or a method of this trait" : ""}`,
  );
}

/** Throws as `readVectorSet`. */
export async function openVectorRef(
  artifacts: ArtifactStore,
  places: ModelPlaces,
  ref: VectorRef,
): Promise<NamedVectors> {
  const { model, hidden, layers } = await readVectorSet(artifacts, places, ref);
  return { name: `${ref.experiment}/${ref.trait}/${ref.method}`, model, hidden, layers, place: ref };
}
