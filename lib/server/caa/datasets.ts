import path from "node:path";
import type { z } from "zod";
import type {
  ExtractionMade,
  OutcomesPage,
  OutcomesQuery,
  planRequestSchema,
  previewRequestSchema,
} from "#lib/caa/api.ts";
import type { UseForExtraction } from "#lib/caa/extraction.ts";
import { convertCaa } from "#lib/caa/layouts/convert.ts";
import { readCaaFile, writeCaaFile } from "#lib/caa/layouts/file.ts";
import type { CaaLayout } from "#lib/caa/layouts/names.ts";
import type { CaaPlan } from "#lib/caa/plan.ts";
import type { Preview } from "#lib/caa/preview.ts";
import type { DatasetSummary } from "#lib/caa/records.ts";
import { lookUpDataset } from "#lib/caa/results.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Instance } from "../instance.ts";
import { makeExtraction } from "./extraction.ts";
import { readBuildKnowledge } from "./knowledge.ts";
import { planCaa, previewCaa } from "./run.ts";
import type { SourcePlaces } from "./sources/open.ts";

const KIND = "caa";

/** What the page does with the datasets of its builds. Throws `not-found` for a build or a file that is not there. */
export class CaaDatasets {
  readonly #instance: Instance;

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  preview({ build, ...settings }: z.output<typeof previewRequestSchema>): Promise<Preview> {
    return previewCaa(settings, this.#places(build));
  }

  plan({ build, request }: z.output<typeof planRequestSchema>): Promise<CaaPlan> {
    return planCaa(request, this.#places(build));
  }

  list(build: string): Promise<DatasetSummary[]> {
    return this.#instance.caaResults.list(build, this.#output(build));
  }

  outcomes(build: string, query: OutcomesQuery, signal: AbortSignal): Promise<OutcomesPage> {
    return this.#instance.caaResults.page(build, this.#output(build), query, signal);
  }

  /** A dataset in another layout. Throws `invalid-input` where that layout cannot hold it. */
  async converted(build: string, file: string, to: CaaLayout): Promise<{ name: string; text: string }> {
    const { data, work } = await this.#dataset(build, file);
    const located = path.join(this.#instance.buildFolders.locate(KIND, build), work);
    const converted = convertCaa(data, to, await readBuildKnowledge(located));
    const end = to.startsWith("psyctl") ? "jsonl" : "json";
    return { name: `${build}-${to}.${end}`, text: writeCaaFile(converted.data) };
  }

  /** Makes a trait and an experiment of a dataset. Throws as `makeExtraction` does. */
  async extraction(build: string, wish: UseForExtraction): Promise<ExtractionMade> {
    const { data, personality } = await this.#dataset(build, wish.file);
    return makeExtraction(this.#instance, data, personality || build, wish);
  }

  async #dataset(build: string, file: string) {
    const output = this.#output(build);
    const found = await lookUpDataset(output, file);
    const text = found && (await output.readText(file));
    if (!found || typeof text !== "string") {
      throw new AppError("not-found", `build ${build} has no dataset ${JSON.stringify(file)}`);
    }
    return { ...found, data: readCaaFile(text, file) };
  }

  #output(build: string) {
    return this.#instance.buildFolders.output(KIND, build);
  }

  #places(build: string | null): SourcePlaces {
    const { home, buildFolders, hubToken } = this.#instance;
    return {
      home,
      folder: build === null ? home : buildFolders.locate(KIND, build),
      anyFile: false,
      hubToken: () => hubToken.token(),
    };
  }
}
