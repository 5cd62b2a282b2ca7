import OpenAI from "openai";
import { AppError } from "#lib/core/errors.ts";
import type { Completion, CompletionRequest, JudgeTransport, TokenPrice } from "./contract.ts";
import { unparsable } from "./errors.ts";
import { errorOf, keyMissing } from "./openai-errors.ts";
import { knownPrice } from "./prices.ts";

export interface OpenAiTransportOptions {
  /** `https://api.openai.com/v1`, or any server that speaks the same protocol. */
  baseUrl: string;
  /** Absent for servers that ask for none. Appears in no error, log or id. */
  apiKey?: string | undefined;
  model: string;
  timeoutMs?: number;
  /** Overrides the list price. */
  price?: TokenPrice;
}

const defaultTimeoutMs = 60_000;

/**
 * A judge behind an OpenAI-compatible endpoint (POST {baseUrl}/chat/completions), one attempt a call.
 * A server that refuses logprobs or structured output is asked without them from then on.
 * Throws `usage` for an address that is no http(s) URL, `judge-key-missing` where the endpoint is known to need one.
 */
export function createOpenAiTransport(options: OpenAiTransportOptions): JudgeTransport {
  const { apiKey, model } = options;
  const endpoint = endpointOf(options.baseUrl);
  if (!apiKey && endpoint.hostname === "api.openai.com") throw keyMissing(endpoint.host, {});
  const id = `${endpoint.origin}${endpoint.pathname.replace(/\/+$/, "")}`;
  const client = new OpenAI({
    baseURL: id,
    apiKey: apiKey ?? "none",
    maxRetries: 0,
    timeout: options.timeoutMs ?? defaultTimeoutMs,
    // The package's own log could show request headers, and with them the key.
    logLevel: "off",
  });
  const refused = new Set<"logprobs" | "schema">();

  async function send(request: CompletionRequest, signal: AbortSignal | undefined): Promise<Completion> {
    const logprobs = request.topLogprobs !== undefined && !refused.has("logprobs");
    const schema = refused.has("schema") ? undefined : request.jsonSchema;
    const answer = await client.chat.completions.create(
      {
        model,
        messages: request.messages,
        max_tokens: request.maxTokens,
        temperature: request.temperature,
        seed: request.seed,
        ...(logprobs ? { logprobs: true, top_logprobs: request.topLogprobs } : {}),
        ...(schema
          ? {
              response_format: {
                type: "json_schema",
                json_schema: { name: schema.name, schema: schema.schema, strict: true },
              },
            }
          : {}),
      },
      signal ? { signal } : {},
    );
    return completionOf(answer);
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
          return await send(request, signal);
        } catch (thrown) {
          const extra = refusedExtra(thrown, request);
          if (extra === null || before.has(extra)) throw errorOf(thrown, { endpoint: id, model, apiKey });
          refused.add(extra);
        }
      }
    },
  };
}

function endpointOf(baseUrl: string): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (url && (url.protocol === "http:" || url.protocol === "https:") && !url.username && !url.password)
    return url;
  throw new AppError(
    "usage",
    url?.username || url?.password
      ? "the judge's address must not hold a key: put the key into TILLER_JUDGE_KEY"
      : `judge ${JSON.stringify(baseUrl)} is no address: write builtin, or a URL such as https://api.openai.com/v1`,
  );
}

/** A 400 that names a parameter which not every server knows. */
function refusedExtra(thrown: unknown, request: CompletionRequest): "logprobs" | "schema" | null {
  if (!(thrown instanceof OpenAI.APIError) || (thrown.status !== 400 && thrown.status !== 422)) return null;
  if (request.jsonSchema && /response_format|json_schema|structured/i.test(thrown.message)) return "schema";
  if (request.topLogprobs !== undefined && /logprobs/i.test(thrown.message)) return "logprobs";
  return null;
}

/** Servers differ in what they leave out: nothing but the text is taken for granted. */
function completionOf(answer: OpenAI.Chat.Completions.ChatCompletion): Completion {
  const choice = answer?.choices?.[0];
  const text = choice?.message?.content;
  if (choice === undefined || typeof text !== "string") {
    throw unparsable("the judge's answer holds no text: is the address an OpenAI-compatible chat endpoint?");
  }
  const tokens = choice.logprobs?.content ?? undefined;
  const alternatives = tokens?.[0]?.top_logprobs?.map(({ token, logprob }) => ({ token, logprob }));
  const usage = answer.usage;
  return {
    text,
    ...(alternatives && alternatives.length > 0 ? { firstTokenAlternatives: alternatives } : {}),
    ...(tokens ? { tokens: tokens.map(({ token }) => token) } : {}),
    usage: usage ? { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens } : null,
  };
}
