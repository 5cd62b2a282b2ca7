import path from "node:path";
import { importForExtractionSchema } from "#lib/caa/api.ts";
import { workBeside } from "#lib/caa/files.ts";
import { readCaaFile } from "#lib/caa/layouts/file.ts";
import { AppError } from "#lib/core/errors.ts";
import { makeExtraction } from "#lib/server/caa/extraction.ts";
import { readBuildKnowledge } from "#lib/server/caa/knowledge.ts";
import { userPath } from "#lib/server/paths.ts";
import { readText } from "../files.ts";
import { print, printJson } from "../output.ts";
import { openPlace } from "../place.ts";

export interface CaaUseOptions {
  as: string;
  experiment: string;
  model: string;
  personality?: string;
  json?: boolean;
}

/** `tiller caa use FILE`: a trait and an experiment whose stage 3 reads the answer's token. */
export async function caaUseCommand(given: string, { json, ...options }: CaaUseOptions): Promise<void> {
  const text = await readText(given);
  const work = workBeside(userPath(given));
  const knowledge = work === null ? null : await readBuildKnowledge(work);
  const wish = importForExtractionSchema.safeParse({
    file: path.basename(given),
    text,
    trait: options.as.replace(/^caa\//, ""),
    experiment: options.experiment,
    model: options.model,
    personality: options.personality ?? knowledge?.personality ?? options.as.replace(/^caa\//, ""),
  });
  if (!wish.success) {
    const issue = wish.error.issues[0];
    throw new AppError("usage", `${issue?.path.join(".")}: ${issue?.message}`);
  }
  const place = await openPlace("caa use");
  try {
    const made =
      "remote" in place
        ? await place.remote.makeExtraction(wish.data)
        : await makeExtraction(place.local, readCaaFile(text, given), wish.data.personality, wish.data);
    if (json) return printJson(made);
    print(
      `${made.trait}: ${made.pairs} pairs read at ${made.position}, ${made.questions} questions to steer by\ntiller run --experiment ${made.experiment}`,
    );
  } finally {
    if ("local" in place) await place.local.close();
  }
}
