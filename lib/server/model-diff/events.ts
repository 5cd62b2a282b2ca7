import type { ModelDiffEvent } from "#lib/pipeline/model-diff-api.ts";
import { whileWorking } from "../while-working.ts";
import type { OpenedModelDiff } from "./model-diff.ts";

/** The comparison as it goes; its result is the last event. Throws what it throws. */
export async function* modelDiffEvents(opened: OpenedModelDiff): AsyncGenerator<ModelDiffEvent> {
  const result = yield* whileWorking<ModelDiffEvent, Awaited<ReturnType<OpenedModelDiff["run"]>>>(opened.run);
  yield { result };
}
