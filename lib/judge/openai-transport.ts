import OpenAI, { APIConnectionTimeoutError, APIError } from "openai";
import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import type { Completion, CompletionRequest, JudgeTransport, TokenPrice } from "./contract.ts";
import {
  type EndpointLabel,
  type EndpointRole,
  fromOpenAiError,
  keyMissing,
  notACompletion,
} from "./openai-errors.ts";
import { knownPrice } from "./prices.ts";

export interface OpenAiTransportOptions {
  /** `https://api.openai.com/v1`, or any server that speaks the same protocol. */
  baseUrl: string;
  /** Absent or empty for servers that ask for none. Appears in no error, log or id. */
  apiKey?: string | undefined;
  model: string;
  /** For one attempt, from connecting to the last byte. Default 60 s. */
  timeoutMs?: number;
  /** How errors name it. Default `judge`. */
  role?: EndpointRole;
  /** Overrides the list price. */
  price?: TokenPrice;
  /** Milliseconds, as Date.now(): to read a Retry-After that is a date. */
  now?: () => number;
}

const defaultTimeoutMs = 60_000;

const completionSchema = z.object({
  id: z.string().nullish().catch(null),
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish() }),
        logprobs: z
          .object({
            content: z
              .array(
                z.object({
                  token: z.string(),
                  top_logprobs: z
                    .array(z.object({ token: z.string(), logprob: z.number().nullish() }))
                    .nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
      }),
    )
    .min(1),
  usage: z
    .object({
      prompt_tokens: z.number().int().nonnegative(),
      completion_tokens: z.number().int().nonnegative(),
    })
    .nullish()
    .catch(null),
});

/**
 * A judge behind an OpenAI-compatible endpoint (POST {baseUrl}/chat/completions), one attempt a call; the library's own
 * retries and logs are off. Options that the server refuses by name (`logprobs`, `response_format`, `seed`, `temperature`,
 * `top_p`, `max_tokens`) are left out from then on.
 * Throws `usage` for an address that is no http(s) URL, `judge-key-missing` where the endpoint is known to need a key.
 */
export function createOpenAiTransport(options: OpenAiTransportOptions): JudgeTransport {
  const { apiKey = "", model, timeoutMs = defaultTimeoutMs, role = "judge", now = Date.now } = options;
  const url = parseAddress(options.baseUrl, role);
  const id = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  const endpoint: EndpointLabel = { address: id, model, apiKey, timeoutMs, role };
  if (apiKey === "" && url.hostname === "api.openai.com") throw keyMissing(endpoint);
  const client = new OpenAI({
    baseURL: id,
    // The library insists on a key; without one the header is removed. Nothing is taken from the environment.
    apiKey: apiKey === "" ? "none" : apiKey,
    defaultHeaders: apiKey === "" ? { Authorization: null } : {},
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    // The deadline below covers the whole attempt, error bodies included.
    timeout: timeoutMs * 2,
    logLevel: "off",
  });
  const refused = new Set<Refusable>();

  async function attempt(request: CompletionRequest, signal: AbortSignal | undefined): Promise<unknown> {
    const deadline = AbortSignal.timeout(timeoutMs);
    const both = signal ? AbortSignal.any([signal, deadline]) : deadline;
    try {
      return await client.chat.completions.create(bodyOf(request, model, refused), { signal: both });
    } catch (error) {
      if (signal?.aborted) throw new AppError("aborted", "the work was stopped");
      throw deadline.aborted ? new APIConnectionTimeoutError() : error;
    }
  }

  return {
    id,
    model,
    promptSet: "standard-1",
    price: options.price ?? knownPrice(model),
    async complete(request, signal) {
      for (;;) {
        // Requests under way at the same time learn of a refusal each for itself.
        const before = new Set(refused);
        try {
          return readCompletion(await attempt(request, signal), endpoint);
        } catch (error) {
          const option = refusedOption(error, request);
          if (option === undefined || before.has(option)) throw fromOpenAiError(error, endpoint, now());
          refused.add(option);
        }
      }
    },
  };
}

const refusable = ["logprobs", "response_format", "seed", "temperature", "top_p", "max_tokens"] as const;
type Refusable = (typeof refusable)[number];

/** Which option of the request a 400 or 422 complains about, if it names one. */
function refusedOption(error: unknown, request: CompletionRequest): Refusable | undefined {
  if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 422)) return undefined;
  const asked = (option: Refusable) =>
    (option !== "logprobs" || request.topLogprobs !== undefined) &&
    (option !== "response_format" || request.jsonSchema !== undefined) &&
    (option !== "top_p" || request.topP !== undefined);
  const named = error.param ?? error.message;
  return refusable.find((option) => asked(option) && named.includes(option));
}

function bodyOf(
  { messages, maxTokens, temperature, topP, seed, topLogprobs, jsonSchema }: CompletionRequest,
  model: string,
  refused: ReadonlySet<Refusable>,
): OpenAI.Chat.ChatCompletionCreateParamsNonStreaming {
  return {
    model,
    messages,
    // Reasoning models know only the new name.
    ...(refused.has("max_tokens") ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens }),
    ...(!refused.has("temperature") && { temperature }),
    ...(topP !== undefined && !refused.has("top_p") && { top_p: topP }),
    ...(!refused.has("seed") && { seed }),
    ...(topLogprobs !== undefined &&
      !refused.has("logprobs") && { logprobs: true, top_logprobs: topLogprobs }),
    ...(jsonSchema &&
      !refused.has("response_format") && {
        response_format: { type: "json_schema", json_schema: { ...jsonSchema, strict: true } },
      }),
  };
}

function readCompletion(body: unknown, endpoint: EndpointLabel): Completion {
  const parsed = completionSchema.safeParse(body);
  const choice = parsed.data?.choices[0];
  if (!choice) throw notACompletion(endpoint, typeof body === "string" ? "text" : "other JSON");
  const tokens = choice.logprobs?.content ?? undefined;
  const alternatives = tokens?.[0]?.top_logprobs?.flatMap(({ token, logprob }) =>
    typeof logprob === "number" ? [{ token, logprob }] : [],
  );
  const usage = parsed.data?.usage;
  return {
    text: choice.message.content ?? "",
    ...(alternatives?.length && { firstTokenAlternatives: alternatives }),
    ...(tokens?.length && { tokens: tokens.map(({ token }) => token) }),
    usage: usage ? { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens } : null,
    ...(parsed.data?.id && { requestId: parsed.data.id }),
  };
}

function parseAddress(baseUrl: string, role: EndpointRole): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (url?.username || url?.password || url?.search) {
    throw new AppError(
      "usage",
      `the ${role}'s address must not hold a key (no user, password or query): put the key into TILLER_JUDGE_KEY`,
    );
  }
  if (url && (url.protocol === "http:" || url.protocol === "https:")) return url;
  throw new AppError(
    "usage",
    `${role} ${JSON.stringify(baseUrl)} is no address: write builtin, or a URL such as https://api.openai.com/v1`,
  );
}
