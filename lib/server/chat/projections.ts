import type { ProjectionRequest, ProjectionResponse } from "#lib/chat/api.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Component } from "#lib/engine/contract.ts";
import { components } from "#lib/engine/contract.ts";
import { projectTokens } from "#lib/engine/projections.ts";
import type { RunEngines } from "#lib/pipeline/ports.ts";
import { readNamedVector, type VectorSource } from "./steering.ts";

/**
 * Projections of texts and answers on named vectors, as the unsteered model reads them.
 * Throws `not-found` (model, vector), `invalid-input` (another width, a text that is too long).
 */
export async function projectTexts(
  { engines, ...source }: VectorSource & { engines: RunEngines },
  { model, vectors, rows }: ProjectionRequest,
  signal: AbortSignal,
): Promise<ProjectionResponse> {
  const directions = await Promise.all(
    vectors.map(async (name) => {
      const { vector, component } = await readNamedVector(source, name);
      return { layer: name.layer, vector, component: componentOf(component) };
    }),
  );
  const engine = await engines.load(model, { device: "auto", runId: "chat" });
  const texts = rows.flatMap((row) => ("text" in row ? [row.text] : []));
  const encoded = await engine.encodeText(texts);
  const read = rows.map((row) =>
    "text" in row
      ? { promptTokens: [], responseTokens: encoded.shift() ?? [] }
      : { promptTokens: row.prompt_tokens, responseTokens: row.response_tokens },
  );
  const projections = await projectTokens(engine, read, directions, { signal });
  const tokens = await engine.tokenTexts(read.map((row) => [...row.promptTokens, ...row.responseTokens]));
  return {
    rows: read.map(({ promptTokens }, at) => ({
      tokens: tokens[at] ?? [],
      prompt: promptTokens.length,
      projections: (projections[at] ?? []).map((values) => [...values]),
      means: (projections[at] ?? []).map((values) => mean(values.subarray(promptTokens.length))),
    })),
  };
}

function componentOf(name: string): Component {
  const component = components.find((known) => known === name);
  if (component) return component;
  throw new AppError(
    "invalid-file",
    `component ${name} of the vector is not known: it is ${components.join(", ")}`,
  );
}

function mean(values: Float64Array): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
