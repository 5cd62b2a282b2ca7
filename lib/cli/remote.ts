import { z } from "zod";
import { type ExtractionMade, extractionMadeSchema, type importForExtractionSchema } from "#lib/caa/api.ts";
import { AppError } from "#lib/core/errors.ts";
import { readServerSentEvents } from "#lib/formats/server-sent-events.ts";
import {
  errorResponseSchema,
  planResponseSchema,
  type RunRequest,
  runSnapshotSchema,
} from "#lib/pipeline/api.ts";
import { runEventSchema } from "#lib/pipeline/events.ts";
import {
  type ModelDiffEvent,
  type ModelDiffRequest,
  modelDiffEventSchema,
} from "#lib/pipeline/model-diff-api.ts";
import type { RunMessage } from "#lib/server/runs/hub.ts";

const RECONNECTS = 5;

/** The server that holds the home, as a command uses it. */
export class RemoteServer {
  readonly url: string;

  constructor(url: string) {
    this.url = url.replace(/\/$/, "");
  }

  plan(request: RunRequest) {
    return this.#post(planResponseSchema, `/api/experiments/${request.experiment}/plan`, request);
  }

  async start(request: RunRequest): Promise<string> {
    return (await this.#post(z.object({ run_id: z.string() }), "/api/runs", request)).run_id;
  }

  async makeExtraction(wish: z.input<typeof importForExtractionSchema>): Promise<ExtractionMade> {
    return this.#post(extractionMadeSchema, "/api/caa/import", wish);
  }

  /** The vector on another model; the stream breaks off with the signal. Throws what the comparison throws. */
  async *modelDiff(
    experiment: string,
    request: ModelDiffRequest,
    signal: AbortSignal,
  ): AsyncGenerator<ModelDiffEvent> {
    const response = await this.#fetch(`/api/experiments/${experiment}/vectors/model-diff`, {
      ...jsonBody(request),
      signal,
    }).catch((error: unknown) => {
      throw error instanceof AppError || signal.aborted ? AppError.from(error) : gone(this.url, error);
    });
    if (!response.body) throw new AppError("internal", `${this.url} answered with nothing`);
    for await (const { data } of readServerSentEvents(response.body)) {
      if (data === "[DONE]") return;
      yield modelDiffEventSchema.parse(JSON.parse(data));
    }
  }

  async pause(runId: string): Promise<void> {
    await this.#post(z.unknown(), `/api/runs/${runId}/pause`);
  }

  /** Follows a run until `heard` says that it is enough; reconnects when the stream breaks. */
  async follow(runId: string, heard: (message: RunMessage) => boolean): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        const response = await this.#fetch(`/api/runs/${runId}/events`, {
          headers: { accept: "text/event-stream" },
        });
        if (!response.body) throw new Error("the event stream is empty");
        for await (const { event, data } of readServerSentEvents(response.body)) {
          attempt = 0;
          const message = messageOf(event, data);
          if (message && heard(message)) return;
        }
      } catch (error) {
        if (error instanceof AppError && error.code !== "internal") throw error;
        if (attempt >= RECONNECTS) throw gone(this.url, error);
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  async #post<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    body?: unknown,
  ): Promise<z.infer<Schema>> {
    const response = await this.#fetch(path, jsonBody(body)).catch((error: unknown) => {
      throw error instanceof AppError ? error : gone(this.url, error);
    });
    return schema.parse(await response.json());
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const response = await fetch(`${this.url}${path}`, init);
    if (response.ok) return response;
    const told = errorResponseSchema.safeParse(await response.json().catch(() => null));
    if (told.success) throw AppError.fromJSON(told.data.error);
    throw new AppError("internal", `${this.url}${path} answered ${response.status}`);
  }
}

function jsonBody(body: unknown): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

function messageOf(event: string, data: string): RunMessage | null {
  const value: unknown = JSON.parse(data);
  if (event === "snapshot") return { type: "snapshot", snapshot: runSnapshotSchema.parse(value) };
  return event === "run" ? { type: "event", event: runEventSchema.parse(value) } : null;
}

function gone(url: string, cause: unknown): AppError {
  return new AppError("internal", `the server at ${url} does not answer`, {
    userMessage: `the Tiller server at ${url} does not answer any more: its run goes on when it starts again`,
    retryable: true,
    cause,
  });
}
