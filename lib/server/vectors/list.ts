import { formatTraitId, parseExperimentName } from "#lib/core/names.ts";
import { requireExperiment } from "#lib/pipeline/context.ts";
import { experimentFolder } from "#lib/pipeline/paths.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import { parseMethodMetadata, readVector } from "#lib/pipeline/vectors.ts";
import type { VectorListing } from "#lib/pipeline/vectors-api.ts";

const VECTOR =
  /^experiments\/([^/]+)\/extraction\/([^/]+)\/([^/]+)\/vectors\/([^/]+)\/([^/]+)\/([^/]+)\/layer(\d+)\.safetensors$/;

/** Every method's vectors, of one experiment or of all. Throws `not-found`, `invalid-file`. */
export async function listVectors(artifacts: ArtifactStore, experiment?: string): Promise<VectorListing[]> {
  if (experiment !== undefined) await requireExperiment({ artifacts }, parseExperimentName(experiment));
  const files = await artifacts.list(experiment === undefined ? "experiments" : experimentFolder(experiment));
  const folders = new Map<string, { match: RegExpExecArray; layers: number[] }>();
  for (const file of files) {
    const match = VECTOR.exec(file);
    if (!match) continue;
    const folder = file.slice(0, file.lastIndexOf("/"));
    const known = folders.get(folder) ?? { match, layers: [] };
    known.layers.push(Number(match[7]));
    folders.set(folder, known);
  }
  return Promise.all(
    [...folders].map(async ([folder, { match, layers }]) => {
      const [file, name = "", category = "", trait = "", position = "", component = "", method = ""] = match;
      const text = await artifacts.readText(`${folder}/metadata.json`);
      const metadata = text === null ? null : parseMethodMetadata(text, `${folder}/metadata.json`);
      return {
        experiment: name,
        trait: formatTraitId({ category, trait }),
        position,
        component,
        method: metadata?.method ?? method,
        layers: layers.sort((a, b) => a - b),
        hidden: (await readVector(artifacts, file)).length,
        own: metadata?.source !== undefined,
      };
    }),
  );
}
