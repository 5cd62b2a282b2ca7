import { AppError, throwIfAborted } from "#lib/core/errors.ts";
import { resolvePosition } from "#lib/core/position.ts";
import { createRng, gaussian, hashSeed } from "#lib/core/rng.ts";
import type {
  CapturedRow,
  CaptureRequest,
  Engine,
  EngineCallOptions,
  GenerateRow,
  Generation,
  ModelDescription,
  PromptSource,
} from "#lib/engine/contract.ts";

// A tiny language with one trait planted in it: `sunny` words are one pole, `gloomy` words the other.
// Hidden states are word noise plus the planted direction times the word's tone; steering along the direction moves the
// tone of what is written, and steering far too strongly writes `zz`.

export const sunny = ["bright", "hope", "smile", "grow"];
export const gloomy = ["dark", "doubt", "frown", "fade"];
const plain = ["the", "day", "went", "on"];
const LAYERS = 3;
const HIDDEN = 8;
/** Steering past this share of the state's length breaks the text. */
const BREAKING = 1.6;

const words: string[] = [];
const ids = new Map<string, number>();

function idOf(word: string): number {
  let id = ids.get(word);
  if (id === undefined) {
    id = words.push(word) - 1;
    ids.set(word, id);
  }
  return id;
}

/** +1, −1 or 0. */
export function toneOf(word: string): number {
  return sunny.includes(word) ? 1 : gloomy.includes(word) ? -1 : 0;
}

function unit(seed: string): Float64Array {
  const rng = createRng(hashSeed(seed));
  const raw = Float64Array.from({ length: HIDDEN }, () => gaussian(rng));
  const length = Math.hypot(...raw);
  return raw.map((value) => value / length);
}

/** The planted trait direction of a layer, unit norm. */
export function plantedDirection(layer: number): Float64Array {
  return unit(`trait ${layer}`);
}

/** The state after a word at a layer: [hidden]. */
function stateOf(word: string, layer: number): Float64Array {
  const direction = plantedDirection(layer);
  const noise = unit(`${word} ${layer}`);
  return direction.map((value, at) => value * toneOf(word) * 2 + (noise[at] ?? 0));
}

export interface FakeEngineOptions {
  /** What identifies its weights. */
  fingerprint?: string;
  chat?: boolean;
  batch?: number;
}

/** A deterministic Engine without a model. `log` counts what it was asked. */
export class FakeEngine implements Engine {
  readonly generated: GenerateRow[] = [];
  capturedRows = 0;
  readonly #options: FakeEngineOptions;

  constructor(options: FakeEngineOptions = {}) {
    this.#options = options;
  }

  describe(): ModelDescription {
    return {
      id: "fake",
      label: "Fake",
      layers: LAYERS,
      hidden: HIDDEN,
      vocabulary: 1_000,
      dtype: "fp32",
      exporter: "none",
      device: "cpu",
      contextLength: 512,
      hasChatTemplate: this.#options.chat ?? true,
      rowCoupled: false,
      fingerprint: this.#options.fingerprint ?? "fake-1",
      files: [],
      judge: null,
      warnings: [],
    };
  }

  async encode(prompts: PromptSource[]): Promise<number[][]> {
    return prompts.map((prompt) => textOf(prompt).split(" ").map(idOf));
  }

  async encodeText(texts: string[]): Promise<number[][]> {
    return texts.map((text) => (text === "" ? [] : text.split(" ").map(idOf)));
  }

  async tokenTexts(rows: number[][]): Promise<string[][]> {
    return rows.map((tokens) => tokens.map((token, at) => `${at === 0 ? "" : " "}${words[token]}`));
  }

  async planBatch(mode: string, tokens: number) {
    const size = this.#options.batch ?? 8;
    return { size, diagnostic: `Auto batch size: ${size} (mode=${mode}, free=1.0 GB, per_seq=${tokens} MB)` };
  }

  async generate(rows: GenerateRow[], options: EngineCallOptions = {}): Promise<Generation[]> {
    throwIfAborted(options.signal);
    this.generated.push(...rows);
    return Promise.all(rows.map((row) => this.#answer(row)));
  }

  async #answer(row: GenerateRow): Promise<Generation> {
    const text = textOf(row.prompt);
    const rng = createRng(hashSeed(text));
    const leaning = text.split(" ").reduce((sum, word) => sum + toneOf(word), 0);
    let push = 0;
    let strength = 0;
    for (const { layer, vector, coef } of row.steering?.vectors ?? []) {
      const direction = plantedDirection(layer);
      push += coef * direction.reduce((sum, value, at) => sum + value * (vector[at] ?? 0), 0);
      strength += Math.abs(coef);
    }
    const broken = strength > BREAKING * 2;
    const answer = Array.from({ length: Math.min(row.maxNewTokens, 6) }, (_, at) => {
      if (broken) return "zz";
      const tone = leaning * 2 + push + (rng() - 0.5);
      const pool = tone > 0.6 ? sunny : tone < -0.6 ? gloomy : plain;
      return pool[(at + Math.floor(rng() * 4)) % 4] ?? "the";
    }).join(" ");
    return {
      promptTokens: text.split(" ").map(idOf),
      responseTokens: answer.split(" ").map(idOf),
      promptText: `${text} `,
      answer,
      finish: "length",
      alternatives: [],
    };
  }

  async capture(
    { rows, positions, layers }: CaptureRequest,
    options: EngineCallOptions = {},
  ): Promise<CapturedRow[]> {
    throwIfAborted(options.signal);
    this.capturedRows += rows.length;
    return rows.map(({ promptTokens, responseTokens }) => {
      const tokens = [...promptTokens, ...responseTokens];
      const values = new Float32Array(positions.length * layers.length * HIDDEN);
      const empty = positions.map((position, which) => {
        const range = resolvePosition(position, promptTokens.length, responseTokens.length);
        layers.forEach((layer, at) => {
          const start = (which * layers.length + at) * HIDDEN;
          if (!range) {
            values.fill(Number.NaN, start, start + HIDDEN);
            return;
          }
          for (const token of tokens.slice(range.start, range.end)) {
            const word = words[token];
            if (word === undefined) throw new AppError("internal", `no word ${token}`);
            stateOf(word, layer).forEach((value, dimension) => {
              values[start + dimension] =
                (values[start + dimension] ?? 0) + value / (range.end - range.start);
            });
          }
        });
        return range === null;
      });
      return { values, empty };
    });
  }

  async dispose(): Promise<void> {}
}

function textOf(prompt: PromptSource): string {
  if ("tokens" in prompt) return prompt.tokens.join(" ");
  return "text" in prompt ? prompt.text : prompt.messages.map(({ content }) => content).join(" ");
}
