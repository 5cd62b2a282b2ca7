import { parsePosition } from "#lib/core/position.ts";
import type { Engine, GenerateRow } from "#lib/engine/contract.ts";

/** What the demo model gives for fixed questions: recorded once on the server's CPU, compared on every device. */
export interface CheckFigures {
  fingerprint: string;
  /** Greedy tokens, one list a prompt. */
  generated: number[][];
  /** The same prompts under steering. */
  steered: number[][];
  /** Mean hidden states of the responses, [prompts][layers · hidden]. */
  captured: number[][];
}

export interface CheckRun extends CheckFigures {
  /** Tokens generated a second, all rows together, once the device is warm. */
  tokensPerSecond: number;
  /** Rows whose hidden states were read a second. */
  rowsPerSecond: number;
}

export const CHECK_MODEL = "demo";

// One is long: from 32 tokens on the runtime's WebGPU attention is another kernel.
const prompts = [
  "The baker opened the shop and",
  "At the market, Anna said that the harvest would be good. The baker asked Tom about the weather, and Tom said that it rained all day. In the evening Anna",
  "It rained all day. Tom",
];
const rows: GenerateRow[] = prompts.map((text) => ({ prompt: { text }, maxNewTokens: 6 }));
const layers = [1, 4];

/** Runs the fixed questions on a loaded demo model; generation first under steering, which warms the device up. */
export async function runCheckCases(
  engine: Engine,
  now: () => number,
  onProgress: (message: string) => void = () => undefined,
): Promise<CheckRun> {
  const { hidden, fingerprint } = engine.describe();
  const vector = Float32Array.from({ length: hidden }, (_, at) => Math.cos(at) / Math.sqrt(hidden / 2));
  const steering = { tokens: "all" as const, vectors: [{ layer: 2, coef: 200, vector }] };
  onProgress("generating under steering");
  const steered = await engine.generate(rows.map((row) => ({ ...row, steering })));
  onProgress("generating");
  const begun = now();
  const generated = await engine.generate(rows);
  const generatedAt = now();
  onProgress("reading hidden states");
  const request = {
    rows: generated.map(({ promptTokens, responseTokens }) => ({ promptTokens, responseTokens })),
    positions: [parsePosition("response[:]")],
    component: "residual" as const,
    layers,
  };
  await engine.capture(request);
  const warmAt = now();
  const captured = await engine.capture(request);
  const tokens = generated.reduce((sum, { responseTokens }) => sum + responseTokens.length, 0);
  return {
    fingerprint,
    generated: generated.map(({ responseTokens }) => responseTokens),
    steered: steered.map(({ responseTokens }) => responseTokens),
    captured: captured.map(({ values }) => Array.from(values)),
    tokensPerSecond: (1000 * tokens) / (generatedAt - begun),
    rowsPerSecond: (1000 * rows.length) / (now() - warmAt),
  };
}

export interface CheckVerdict {
  /** Answers with exactly the recorded tokens, of `answers`. */
  equal: number;
  answers: number;
  /** Largest absolute difference of a hidden state's value. */
  largestError: number;
  passed: boolean;
}

/** Of a value's own size, or of 1 where it is smaller: a graphics card adds in another order. */
const TOLERANCE = 1e-4;

/** Compares a run with the recorded figures. */
export function judgeCheck(run: CheckFigures, recorded: CheckFigures): CheckVerdict {
  const pairs = (["generated", "steered"] as const).flatMap((kind) =>
    recorded[kind].map((tokens, row) => [tokens.join(), run[kind][row]?.join()]),
  );
  const equal = pairs.filter(([expected, given]) => expected === given).length;
  const differences = recorded.captured.flatMap((values, row) =>
    values.map((value, at) => {
      const error = Math.abs(value - (run.captured[row]?.[at] ?? Number.POSITIVE_INFINITY));
      return { error, close: error <= TOLERANCE * Math.max(1, Math.abs(value)) };
    }),
  );
  return {
    equal,
    answers: pairs.length,
    largestError: Math.max(...differences.map(({ error }) => error)),
    passed: equal === pairs.length && differences.every(({ close }) => close),
  };
}
