import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

// A real HTTP server that speaks the chat-completions protocol, for tests of everything that judges.

export interface ChatRequest {
  model: string;
  messages: { role: string; content: string }[];
  max_tokens?: number;
  logprobs?: boolean;
  top_logprobs?: number;
  response_format?: unknown;
  seed?: number;
  temperature?: number;
  max_completion_tokens?: number;
}

/** How one request is treated. `score`: as by a judge that gives this number. */
export type Behaviour =
  | { kind: "score"; score: number }
  | { kind: "text"; text: string }
  | { kind: "status"; status: number; headers?: Record<string, string>; message?: string; code?: string }
  | { kind: "body"; body: string }
  | { kind: "hang" }
  /** The headers come, the body never does. */
  | { kind: "stall"; status: number }
  | { kind: "drop" };

export interface JudgeServerOptions {
  port?: number;
  /** Milliseconds before each answer. */
  latencyMs?: number;
  /** Answers carry no log-probabilities; `refuse`: the parameter itself is answered with 400. */
  logprobs?: "yes" | "no" | "refuse";
  /** Numbers are written digit by digit. */
  splitNumbers?: boolean;
  /** 400 for structured output. */
  refuseSchema?: boolean;
  /** The key that is asked for. */
  apiKey?: string;
  behave?(request: ChatRequest, count: number): Behaviour | undefined;
  /** Called with the last message of every request that is answered with a score. */
  onAnswer?(prompt: string): void;
}

export interface JudgeServer {
  url: string;
  /** Every request as it came, refused ones included. */
  requests: ChatRequest[];
  /** The headers of each. */
  headers: IncomingHttpHeaders[];
  /** Answers given, by the text of the last message. */
  answers: Map<string, number>;
  /** Most requests in work at once. */
  peak(): number;
  /** Requests in work now. */
  open(): number;
  close(): Promise<void>;
}

/** Starts on 127.0.0.1; without `behave` it scores by words (`scoreOf`). */
export async function startJudgeServer(options: JudgeServerOptions = {}): Promise<JudgeServer> {
  const requests: ChatRequest[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const answers = new Map<string, number>();
  let active = 0;
  let peak = 0;

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = JSON.parse(await bodyOf(incoming)) as ChatRequest;
    requests.push(request);
    headers.push(incoming.headers);
    active += 1;
    peak = Math.max(peak, active);
    response.once("close", () => {
      active -= 1;
    });
    if (options.latencyMs) await new Promise((resolve) => setTimeout(resolve, options.latencyMs));
    const prompt = request.messages.at(-1)?.content ?? "";
    const behaviour = refusalOf(incoming, request, options) ??
      options.behave?.(request, requests.length) ?? { kind: "score", score: scoreOf(prompt) };
    if (behaviour.kind === "score" || behaviour.kind === "text") {
      answers.set(prompt, (answers.get(prompt) ?? 0) + 1);
      options.onAnswer?.(prompt);
    }
    respond(response, behaviour, request, options);
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    headers,
    answers,
    peak: () => peak,
    open: () => active,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function refusalOf(
  incoming: IncomingMessage,
  request: ChatRequest,
  options: JudgeServerOptions,
): Behaviour | undefined {
  if (options.apiKey && incoming.headers.authorization !== `Bearer ${options.apiKey}`) {
    return { kind: "status", status: 401, message: `Incorrect API key: ${incoming.headers.authorization}` };
  }
  if (options.logprobs === "refuse" && request.logprobs) {
    return { kind: "status", status: 400, message: "logprobs are not supported" };
  }
  if (options.refuseSchema && request.response_format) {
    return { kind: "status", status: 400, message: "response_format is not supported" };
  }
  return undefined;
}

function respond(
  response: ServerResponse,
  behaviour: Behaviour,
  request: ChatRequest,
  options: JudgeServerOptions,
): void {
  switch (behaviour.kind) {
    case "hang":
      return;
    case "stall":
      response.writeHead(behaviour.status, { "content-type": "application/json" }).flushHeaders();
      return;
    case "drop":
      response.destroy();
      return;
    case "status":
      response.writeHead(behaviour.status, { "content-type": "application/json", ...behaviour.headers });
      response.end(
        JSON.stringify({
          error: { message: behaviour.message ?? `status ${behaviour.status}`, code: behaviour.code ?? null },
        }),
      );
      return;
    case "body":
      response.writeHead(200, { "content-type": "application/json" }).end(behaviour.body);
      return;
    case "text":
      answer(response, [behaviour.text], request, options);
      return;
    case "score":
      answer(response, tokensFor(behaviour.score, request, options), request, options);
  }
}

function tokensFor(score: number, request: ChatRequest, options: JudgeServerOptions): string[] {
  const prompt = request.messages.at(-1)?.content ?? "";
  if (prompt.includes("100 85 37")) return numberTokens("100 85 37", options);
  if (/ENGAGES or OFF_TOPIC/.test(prompt)) return ["ENGAGES"];
  if (/JSON object/.test(prompt)) return [JSON.stringify({ score })];
  return numberTokens(String(score), options);
}

function numberTokens(text: string, { splitNumbers }: JudgeServerOptions): string[] {
  return splitNumbers ? [...text] : (text.match(/\s?\d+/g) ?? [text]);
}

function answer(
  response: ServerResponse,
  all: string[],
  request: ChatRequest,
  options: JudgeServerOptions,
): void {
  const tokens = all.slice(0, Math.max(1, request.max_tokens ?? all.length));
  const entry = (token: string) => ({
    token,
    logprob: -0.01,
    bytes: null,
    top_logprobs: [
      { token, logprob: -0.01, bytes: null },
      { token: " the", logprob: -5, bytes: null },
    ],
  });
  const logprobs = request.logprobs && options.logprobs !== "no" ? { content: tokens.map(entry) } : null;
  response.writeHead(200, { "content-type": "application/json" }).end(
    JSON.stringify({
      id: "test",
      object: "chat.completion",
      created: 0,
      model: request.model,
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: tokens.join("") },
          logprobs,
          finish_reason: "stop",
        },
      ],
      usage: { prompt_tokens: 100, completion_tokens: tokens.length, total_tokens: 100 + tokens.length },
    }),
  );
}

const high =
  /\b(hope|hopeful|better|bright|sure|certain|sir|madam|respectfully|won't|refuse|cannot|never mind)\b/gi;
const low = /\b(doom|gloom|worse|lost|maybe|perhaps|unsure|hey|yo|gonna|gladly|yes|happy to|of course)\b/gi;

/** A score by counting words in the fenced text: the same text always gets the same score. */
export function scoreOf(prompt: string): number {
  const text = /<text>([\s\S]*)<\/text>/.exec(prompt)?.[1] ?? prompt;
  const tone = (text.match(high)?.length ?? 0) - (text.match(low)?.length ?? 0);
  if (/grammatical and coherent/.test(prompt)) return 90;
  return Math.min(100, Math.max(0, 50 + 25 * tone));
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
