import { randomInt } from "node:crypto";
import { type AnswerHead, chunks, completionOf } from "#lib/chat/openai-answer.ts";
import { type ChatCompletionRequest, chatRow, turnsOf } from "#lib/chat/openai-request.ts";
import type { SteeringChoice } from "#lib/chat/steering-choice.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Engine, GenerateRow, Generation } from "#lib/engine/contract.ts";
import type { RunEngines } from "#lib/pipeline/ports.ts";
import { listModels } from "../engine/installed-models.ts";
import { findModelFolder } from "../engine/model-folder.ts";
import { whileWorking } from "../while-working.ts";
import type { Presets } from "./presets.ts";
import { readSteering, type VectorSource } from "./steering.ts";

export interface ChatServiceOptions extends VectorSource {
  engines: RunEngines;
  presets: Presets;
  now: () => Date;
  randomId: () => string;
}

/** A request that is understood, before its first token. */
interface Opened {
  engine: Engine;
  head: AnswerHead;
  rows: GenerateRow[];
}

/** Chat with an installed model and the vectors chosen, in the words of OpenAI's API. */
export class ChatService {
  readonly #options: ChatServiceOptions;

  constructor(options: ChatServiceOptions) {
    this.#options = options;
  }

  /** Installed models, then presets: what `model` may name. */
  async models() {
    const { home, presets } = this.#options;
    const created = Math.floor(this.#options.now().getTime() / 1000);
    const installed = (await listModels({ home })).filter(({ problem }) => problem === null);
    const saved = await presets.list();
    return {
      object: "list" as const,
      data: [
        ...installed.map(({ id }) => ({ id, object: "model" as const, created, owned_by: "tiller" })),
        ...saved.map(({ name, created_at, model, steering }) => ({
          id: name,
          object: "model" as const,
          created: Math.floor(Date.parse(created_at) / 1000),
          owned_by: "tiller-preset",
          tiller: { model, steering },
        })),
      ],
    };
  }

  /** The whole answer. Throws `not-found` (model, vector), `invalid-input`, what generating throws. */
  async complete(request: ChatCompletionRequest, signal: AbortSignal) {
    const { engine, head, rows } = await this.#open(request, signal);
    return completionOf(head, await engine.generate(rows, { signal }));
  }

  /**
   * The answer in chunks as it is written. What is wrong with the request is thrown before the first chunk; the stream
   * ends with the signal.
   */
  async stream(request: ChatCompletionRequest, signal: AbortSignal): Promise<AsyncIterable<object>> {
    const opened = await this.#open(request, signal);
    return this.#chunks(opened, request.stream_options?.include_usage ?? false, signal);
  }

  async *#chunks({ engine, head, rows }: Opened, usage: boolean, signal: AbortSignal) {
    yield* rows.map((_, index) => chunks.start(head, index));
    const told = rows.map(() => 0);
    const generations = yield* whileWorking<object, Generation[]>((say) =>
      engine.generate(rows, {
        signal,
        onToken(row, _, text, logprobs) {
          told[row] = (told[row] ?? 0) + text.length;
          if (text !== "" || logprobs) say(chunks.piece(head, row, text, logprobs));
        },
      }),
    );
    for (const [index, generation] of generations.entries()) {
      // What was held back in case a stop text came.
      const rest = generation.answer.slice(told[index]);
      if (rest !== "") yield chunks.piece(head, index, rest, undefined);
      yield chunks.end(head, index, generation);
    }
    if (usage) yield chunks.usage(head, generations);
  }

  async #open(request: ChatCompletionRequest, signal: AbortSignal): Promise<Opened> {
    const { engines, presets, home, now, randomId } = this.#options;
    const preset =
      findModelFolder(request.model, { home }) === null ? await presets.find(request.model) : null;
    const choice: SteeringChoice | undefined = request.steering ?? preset?.steering;
    const steering = choice && (await readSteering(this.#options, choice));
    const engine = await engines.load(preset?.model ?? request.model, { device: "auto", runId: "chat" });
    signal.throwIfAborted();
    const { fingerprint, hasChatTemplate, id } = engine.describe();
    if (!hasChatTemplate && !request.raw_prompt) {
      throw new AppError(
        "invalid-input",
        `model ${id} has no chat template: send raw_prompt: true, and it goes on with the text as it is`,
      );
    }
    const head = {
      id: `chatcmpl-${randomId()}`,
      created: Math.floor(now().getTime() / 1000),
      model: request.model,
      system_fingerprint: `fp_${fingerprint.slice(0, 12)}`,
    };
    const rows = turnsOf(request, steering, () => randomInt(2 ** 31)).map(chatRow);
    return { engine, head, rows };
  }
}
