import { readFile } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { describeGraph, type GraphDescription, type InstrumentedGraph, instrument } from "#lib/onnx/index.ts";
import { cacheShape, steerFeed } from "./batch-feeds.ts";
import { greedyTokens } from "./greedy.ts";
import { asGiven, rightPadded } from "./layout.ts";
import { type ModelGraph, openGraph, readModelGraph } from "./model-graph.ts";
import { type CaseName, caseNames, type Reference, readReference, referenceSteering } from "./reference.ts";
import { type CaseErrors, measureCases, type PreparedCase } from "./verify-cases.ts";

/** What `tiller models verify --json` prints. */
export interface VerifyResult {
  /** The cases that the reference holds. */
  cases: Partial<Record<CaseName, CaseErrors>>;
  /** How many of the 10 greedy tokens agree, up to the first that differs: as it is, and with every token steered. */
  gen: number;
  gensteer: number;
}

const REFUSED =
  "with padding on the left this graph gives wrong states: the same rows were run padded on the right";

/**
 * Holds an instrumented model against states from PyTorch hooks: largest absolute errors per padding case, and greedy
 * generation with the KV cache. Runs on the CPU in this thread, which it blocks meanwhile.
 * @throws AppError `instrument`, `model-load`, `not-found`, `invalid-file` (also when the reference is of another model)
 */
export async function verifyModel(folder: string, referenceFile: string): Promise<VerifyResult> {
  const model = await readModelGraph(folder);
  const reference = readReference(await readReferenceFile(referenceFile), path.basename(referenceFile));
  const graph = describeGraph(model.graph, { expectedLayers: model.config.layers });
  if (graph.layers !== reference.layers || graph.hidden !== reference.hidden) {
    throw new AppError(
      "invalid-file",
      `${referenceFile} is of another model: ${reference.layers} layers of width ${reference.hidden}, the graph has ${graph.layers} of ${graph.hidden}`,
    );
  }
  const cases = await measureCases(model, reference, prepare(reference, graph));
  return { cases, ...(await generations(model, reference)) };
}

async function readReferenceFile(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new AppError(
      "not-found",
      `the reference ${file} cannot be read: give a safetensors file of hidden states that PyTorch wrote`,
      { cause },
    );
  }
}

function prepare(reference: Reference, { padding }: GraphDescription): PreparedCase[] {
  return caseNames.flatMap((name) => {
    const given = reference.cases[name];
    if (!given) return [];
    const { tokens, length } = reference;
    return name === "left" && !padding.left
      ? [{ name, given, layout: rightPadded(tokens, given, length), refused: REFUSED }]
      : [{ name, given, layout: asGiven(tokens, given) }];
  });
}

async function generations(
  model: ModelGraph,
  reference: Reference,
): Promise<Pick<VerifyResult, "gen" | "gensteer">> {
  const graph: InstrumentedGraph = instrument(model.graph, {
    variant: "generate",
    dataFile: path.basename(model.file),
  });
  const session = await openGraph(graph.bytes, model);
  const { length, vector, generated, generatedSteered } = reference;
  const agreeing = async (expected: readonly number[], steered: boolean) => {
    const steer = steerFeed(reference, steered ? { vector, ...referenceSteering } : null);
    const prompt = expected.slice(0, length);
    const answer = await greedyTokens(
      graph,
      session,
      prompt,
      expected.length - length,
      steer,
      cacheShape(model.config),
    );
    const differs = answer.findIndex((token, at) => token !== expected[length + at]);
    return differs === -1 ? answer.length : differs;
  };
  try {
    return { gen: await agreeing(generated, false), gensteer: await agreeing(generatedSteered, true) };
  } finally {
    await session.dispose();
  }
}
