import { AppError } from "#lib/core/errors.ts";
import type { CaptureRequest, GenerateRow, ModelDescription } from "./contract.ts";
import { checkSteering } from "./steering.ts";

/** Checks one row of a generation against the model. Throws `invalid-input`, naming the row (counted from 1). */
export function checkGenerateRow(
  row: GenerateRow,
  prompt: readonly number[],
  at: number,
  model: ModelDescription,
): void {
  const fail = (problem: string) => {
    throw new AppError("invalid-input", `row ${at + 1}: ${problem}`);
  };
  if (prompt.length === 0) fail("the prompt holds no token: write some text");
  const unknown = unknownToken(prompt, model);
  if (unknown !== undefined) fail(unknown);
  if (prompt.length >= model.contextLength) {
    fail(
      `the prompt is ${prompt.length} tokens long and the model reads ${model.contextLength} with its answer: shorten it`,
    );
  }
  if (!Number.isInteger(row.maxNewTokens) || row.maxNewTokens < 1) {
    fail(`maxNewTokens is ${row.maxNewTokens}: it must be a whole number of at least 1`);
  }
  if (row.sampling) {
    const { temperature, topP } = row.sampling;
    if (!(temperature >= 0 && temperature < Number.POSITIVE_INFINITY)) {
      fail(`temperature is ${temperature}: it must be 0 or more`);
    }
    if (!(topP > 0 && topP <= 1)) fail(`topP is ${topP}: it must lie above 0 and up to 1`);
  }
  if (row.steering) checkSteering(row.steering, model);
}

/** Checks a capture against the model. Throws `invalid-input`. */
export function checkCapture({ rows, positions, layers }: CaptureRequest, model: ModelDescription): void {
  const fail = (problem: string) => {
    throw new AppError("invalid-input", problem);
  };
  if (positions.length === 0) fail("no position was asked for: name at least one, such as response[:]");
  if (layers.length === 0) fail("no layer was asked for: name at least one");
  layers.forEach((layer, at) => {
    if (!Number.isInteger(layer) || layer < 0 || layer >= model.layers) {
      fail(`there is no layer ${layer}: this model has layers 0 to ${model.layers - 1}`);
    }
    if (at > 0 && layer <= (layers[at - 1] ?? layer)) fail(`layers must ascend, got ${layers.join(", ")}`);
  });
  rows.forEach(({ promptTokens, responseTokens }, at) => {
    const unknown = unknownToken(promptTokens, model) ?? unknownToken(responseTokens, model);
    if (unknown !== undefined) fail(`row ${at + 1}: ${unknown}`);
    const length = promptTokens.length + responseTokens.length;
    if (length > model.contextLength) {
      fail(`row ${at + 1} is ${length} tokens long and the model reads ${model.contextLength}: shorten it`);
    }
  });
}

function unknownToken(tokens: readonly number[], { vocabulary }: ModelDescription): string | undefined {
  const token = tokens.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabulary);
  return token === undefined
    ? undefined
    : `there is no token ${token}: this model's vocabulary has ${vocabulary}; the tokens are another model's`;
}
