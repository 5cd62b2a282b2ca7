import { parseJson } from "#lib/formats/json.ts";
import type { ResultPaths } from "#lib/pipeline/paths.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import { type SteeringFile, steeringFileSchema } from "#lib/pipeline/results.ts";

/** A trait's steering results, or null before there are any. Throws `invalid-file`. */
export async function steeringResults(
  artifacts: Pick<ArtifactStore, "readText">,
  { steering }: Pick<ResultPaths, "steering">,
): Promise<SteeringFile | null> {
  const text = await artifacts.readText(steering.results);
  return text === null ? null : parseJson(text, steering.results, steeringFileSchema);
}
