import { modelDiffRequestSchema } from "#lib/pipeline/model-diff-api.ts";
import { eventStream } from "#lib/server/event-stream.ts";
import { bodyOf, route } from "#lib/server/http.ts";
import { modelDiffEvents } from "#lib/server/model-diff/events.ts";
import { listModelDiffs } from "#lib/server/model-diff/list.ts";
import { openModelDiff } from "#lib/server/model-diff/model-diff.ts";
import { requiredLayer, vectorChoice } from "#lib/server/vectors/query.ts";

export const dynamic = "force-dynamic";

/** `?trait=&method=&layer=`: the models that the vector can be compared on, and what is stored. */
export const GET = route<{ exp: string }>(async ({ instance, params, query }) =>
  Response.json(
    await listModelDiffs(instance, { ...vectorChoice(params.exp, query), layer: requiredLayer(query) }),
  ),
);

/** Compares the vector on its own model and another; progress comes as it goes, the result at last. */
export const POST = route<{ exp: string }>(async (call) => {
  const { instance, params, request } = call;
  const left = new AbortController();
  const signal = AbortSignal.any([request.signal, left.signal]);
  const wanted = await bodyOf(request, modelDiffRequestSchema);
  const opened = await openModelDiff(instance.ports, params.exp, wanted, signal);
  return eventStream(call, modelDiffEvents(opened), () => left.abort());
});
