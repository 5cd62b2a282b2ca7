import { AppError } from "#lib/core/errors.ts";
import { parseTraitId } from "#lib/core/names.ts";
import { diffFigures } from "#lib/pipeline/model-diff/figures.ts";
import { modelDiffPath } from "#lib/pipeline/model-diff/files.ts";
import {
  type ModelDiff,
  type ModelDiffEvent,
  type ModelDiffRequest,
  modelDiffRequestSchema,
} from "#lib/pipeline/model-diff-api.ts";
import type { Instance } from "#lib/server/instance.ts";
import { modelDiffEvents } from "#lib/server/model-diff/events.ts";
import { openModelDiff } from "#lib/server/model-diff/model-diff.ts";
import { onInterrupt } from "../interrupt.ts";
import { exitCodes, oneLine, print, printJson, table, tell } from "../output.ts";
import { openPlace } from "../place.ts";

export interface ModelDiffOptions {
  experiment: string;
  trait: string;
  method: string;
  layer: string;
  model: string;
  ratio?: string;
  questions?: string;
  json?: boolean;
}

/** `tiller vectors diff`: the same vector on its own model and on another. */
export async function modelDiffCommand({ json, ...options }: ModelDiffOptions): Promise<number> {
  const request = requestOf(options);
  const stop = new AbortController();
  const release = onInterrupt(() => {
    tell("stopping; answers that are finished are kept (Ctrl+C again: at once)");
    stop.abort();
  });
  const place = await openPlace("vectors diff");
  try {
    const events =
      "remote" in place
        ? place.remote.modelDiff(options.experiment, request, stop.signal)
        : eventsHere(place.local, options.experiment, request, stop.signal);
    const result = await resultOf(events);
    if (json) printJson(result);
    else show(result);
    return exitCodes.ok;
  } finally {
    release();
    if ("local" in place) await place.local.close();
  }
}

async function* eventsHere(
  { ports }: Instance,
  experiment: string,
  request: ModelDiffRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelDiffEvent> {
  yield* modelDiffEvents(await openModelDiff(ports, experiment, request, signal));
}

/** Tells each step once, on stderr. Throws the comparison's error. */
async function resultOf(events: AsyncIterable<ModelDiffEvent>): Promise<ModelDiff> {
  let last = "";
  for await (const event of events) {
    if ("error" in event) throw AppError.fromJSON(event.error);
    if ("result" in event) return event.result;
    if ("notice" in event) tell(event.notice);
    else {
      const { model, unit, done, total } = event.progress;
      if (done === total && `${model} ${unit}` !== last) {
        last = `${model} ${unit}`;
        tell(`${model}: ${total} ${unit}`);
      }
    }
  }
  throw new AppError("internal", "the comparison ended without a result");
}

/** Throws `usage` naming the option. */
function requestOf({ trait, method, model, ...numbers }: ModelDiffOptions): ModelDiffRequest {
  const asked = { trait, method, model, ...numbersOf(numbers) };
  const parsed = modelDiffRequestSchema.safeParse(asked);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0] ?? "");
  throw new AppError("usage", `--${name}: ${issue?.message ?? "is not known"}`);
}

function numbersOf({ layer, ratio, questions }: Pick<ModelDiffOptions, "layer" | "ratio" | "questions">) {
  const given = Object.entries({ layer, ratio, questions }).filter(([, text]) => text !== undefined);
  return Object.fromEntries(
    given.map(([name, text = ""]) => {
      if (text.trim() !== "" && Number.isFinite(Number(text))) return [name, Number(text)];
      throw new AppError("usage", `--${name} ${JSON.stringify(text)}: write a number`);
    }),
  );
}

function show(result: ModelDiff): void {
  const { experiment, trait, method, layer, models, separation, steering } = result;
  const { why_no_separation, why_no_steering } = result;
  const strength = steering ? `; steered at ratio ${steering.ratio}, n = questions` : "";
  tell(`95 % confidence intervals; held-out rows, n = positive + negative${strength}`);
  print(
    table(
      ["", models.a.id, models.b.id],
      diffFigures(result).map(({ name, a, b }) => [name, a, b]),
    ),
  );
  for (const reason of [why_no_separation, why_no_steering]) if (reason) tell(oneLine(reason));
  if (separation && separation.left_out > 0)
    tell(`${models.b.id} could not read ${separation.left_out} responses: both are tested without them`);
  const place = { method, layer, model: models.b.id };
  tell(`stored in ${modelDiffPath(experiment, parseTraitId(trait), place)}`);
}
