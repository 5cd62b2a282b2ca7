import { route } from "#lib/server/http.ts";
import { runEventStream } from "#lib/server/run-events.ts";

export const dynamic = "force-dynamic";

export const GET = route<{ id: string }>(async ({ instance, request, params }) => {
  await instance.runs.get(params.id);
  return new Response(runEventStream(instance.runs, params.id, request.signal), {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      // Proxies that buffer would hold the events back.
      "x-accel-buffering": "no",
    },
  });
});
