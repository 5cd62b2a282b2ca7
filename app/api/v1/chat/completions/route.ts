import { chatCompletionRequestSchema } from "#lib/chat/openai-request.ts";
import { endpoint, openAiError } from "#lib/server/chat/endpoint.ts";
import { eventStream } from "#lib/server/event-stream.ts";
import { bodyOf } from "#lib/server/http.ts";

export const dynamic = "force-dynamic";

export const POST = endpoint(async (call) => {
  const request = await bodyOf(call.request, chatCompletionRequestSchema);
  const { chat } = call.instance;
  if (!request.stream) return Response.json(await chat.complete(request, call.request.signal));
  const left = new AbortController();
  const signal = AbortSignal.any([call.request.signal, left.signal]);
  return eventStream(call, await chat.stream(request, signal), () => left.abort(), openAiError);
});
