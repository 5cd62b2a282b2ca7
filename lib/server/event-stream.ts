import type { AppError } from "#lib/core/errors.ts";
import type { RouteCall } from "./http.ts";
import { errorOf } from "./http.ts";

/**
 * Documents as Server-Sent Events, ending with `[DONE]`; an error in the middle is an event of its own.
 * @param stop called when the client leaves
 * @param toJson an error as the stream's readers know it
 */
export function eventStream(
  call: Pick<RouteCall<never>, "instance">,
  items: AsyncIterable<object>,
  stop: () => void,
  toJson: (error: AppError) => object = (error) => error.toJSON(),
): Response {
  const encoder = new TextEncoder();
  const iterator = items[Symbol.asyncIterator]();
  const event = (data: string) => encoder.encode(`data: ${data}\n\n`);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await iterator.next();
        if (!done) return controller.enqueue(event(JSON.stringify(value)));
        controller.enqueue(event("[DONE]"));
      } catch (thrown) {
        const error = errorOf(thrown, call.instance);
        controller.enqueue(event(JSON.stringify({ error: toJson(error) })));
      }
      controller.close();
    },
    cancel: stop,
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
}
