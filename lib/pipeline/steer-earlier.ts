import { AppError } from "#lib/core/errors.ts";
import { contentHash } from "#lib/core/hash.ts";
import { parseJson } from "#lib/formats/json.ts";
import type { TraitContext } from "./context.ts";
import { judgeIdentity } from "./judging.ts";
import { type Searched, type SteeringFile, steeringFileSchema } from "./results.ts";
import type { SteeringInputs } from "./steer-inputs.ts";
import { type SteeringVector, steeringVector } from "./steer-settings.ts";
import { readVector, vectorPath } from "./vectors.ts";

const inputNames = {
  model: "the application model",
  judge: "the judge",
  questions: "the questions, or how many are asked",
  definition: "definition.txt",
  eval_prompt: "the eval_prompt",
  component: "the component",
  random_vectors: "the number of random vectors",
  seed: "the seed",
  max_new_tokens: "the length of the answers",
  temperature: "the temperature",
  steered_tokens: "which tokens are steered",
} as const;

type InputName = keyof typeof inputNames;

/** What every setting of the results depends on besides its vector and strength, as content hashes. */
export type SharedInputs = Record<InputName, string>;

export async function sharedInputs(trait: TraitContext, inputs: SteeringInputs): Promise<SharedInputs> {
  const { run } = trait;
  const { config } = run;
  const values: Record<InputName, unknown> = {
    model: inputs.model.fingerprint,
    judge: await judgeIdentity(run),
    questions: inputs.prompts.map(({ prompt, sample }) => [prompt, sample]),
    definition: [trait.id.trait, inputs.definition],
    eval_prompt: inputs.evalPrompt ?? null,
    component: config.component,
    random_vectors: config.random_vectors,
    seed: config.seed,
    max_new_tokens: config.steering_max_new_tokens,
    temperature: config.temperature,
    steered_tokens: config.steered_tokens,
  };
  const hashed = await Promise.all(
    Object.entries(values).map(async ([name, value]) => [name, await contentHash(value)] as const),
  );
  return Object.fromEntries(hashed) as SharedInputs;
}

/** One vector at one ratio, of results that are there. */
export interface EarlierSetting {
  vector: SteeringVector;
  ratio: number;
  foundBySearch: boolean;
}

/** Results that further settings are added to. */
export interface EarlierResults {
  settings: EarlierSetting[];
  searched: Searched[];
  /** By layer: further settings of a layer are measured by the same norm. */
  baseNorms: Map<number, number>;
  /** Why results that are there cannot be added to. */
  refused?: string;
}

export const noEarlierResults: EarlierResults = { settings: [], searched: [], baseNorms: new Map() };

/** The trait's earlier steering results, where they were made from the same inputs and vectors. */
export async function earlierResults(trait: TraitContext, shared: SharedInputs): Promise<EarlierResults> {
  const { artifacts } = trait.run.ports;
  const path = trait.paths.steering.results;
  const text = await artifacts.readText(path);
  if (text === null) return noEarlierResults;
  const refuse = (why: string) => ({ ...noEarlierResults, refused: why });
  let file: SteeringFile;
  try {
    file = parseJson(text, path, steeringFileSchema);
  } catch {
    return refuse("they cannot be read");
  }
  const { inputs, base_norms: norms } = file;
  if (!inputs || !norms) return refuse("they do not say what they were made from");
  const changed = Object.entries(inputNames).filter(([name]) => inputs[name] !== shared[name as InputName]);
  if (changed.length > 0) return refuse(`changed since: ${changed.map(([, words]) => words).join("; ")}`);
  const settings: EarlierSetting[] = [];
  const vectors = new Map<string, SteeringVector | null>();
  for (const run of file.runs) {
    const [used] = run.config.vectors;
    if (!used) continue;
    const { method, layer, sha256 } = used;
    const key = `${method} ${layer}`;
    const vector = vectors.get(key) ?? (await vectorNow(trait, method, layer));
    vectors.set(key, vector);
    if (vector?.hash !== sha256) return refuse(`changed since: the ${method} vector of layer ${layer}`);
    if (vector) settings.push({ vector, ratio: run.coef_ratio, foundBySearch: run.found_by_search ?? false });
  }
  return {
    settings,
    searched: file.searched ?? [],
    baseNorms: new Map(Object.entries(norms).map(([layer, norm]) => [Number(layer), norm])),
  };
}

/** Null where the vector is gone or no longer one. */
async function vectorNow(trait: TraitContext, method: string, layer: number): Promise<SteeringVector | null> {
  try {
    const path = vectorPath(trait.paths, method, layer);
    return await steeringVector(method, layer, await readVector(trait.run.ports.artifacts, path));
  } catch (error) {
    if (["not-found", "invalid-file", "usage"].includes(AppError.from(error).code)) return null;
    throw error;
  }
}
