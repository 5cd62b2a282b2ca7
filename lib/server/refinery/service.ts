import path from "node:path";
import type { z } from "zod";
import type { BuildSnapshot } from "#lib/builds/api.ts";
import { KeptIndexes } from "#lib/builds/kept-indexes.ts";
import type { LineFile, OutputFolder } from "#lib/builds/ports.ts";
import { recordAt } from "#lib/builds/read-records.ts";
import { AppError } from "#lib/core/errors.ts";
import { formatJsonl } from "#lib/formats/jsonl.ts";
import {
  type RefineryDetail,
  type RefineryEstimate,
  type RefineryFilter,
  type RefineryOverview,
  type refineryInputsSchema,
  type refineryRowsSchema,
  rowsPerPage,
} from "#lib/refinery/api.ts";
import { type BrowseIndex, browse, matching } from "#lib/refinery/browse.ts";
import { outputFiles, producedFiles } from "#lib/refinery/output-files.ts";
import { acceptedPairs } from "#lib/refinery/pairs.ts";
import { draftText } from "#lib/refinery/prompts.ts";
import {
  acceptedRecordSchema,
  critiqueRecordSchema,
  draftRecordSchema,
  planRecordSchema,
  rejectedRecordSchema,
} from "#lib/refinery/records.ts";
import { type RefineryRequest, refineryRequestSchema } from "#lib/refinery/request.ts";
import type { BuildFolders } from "../builds/folders.ts";
import { openLineFile } from "../builds/line-file.ts";
import type { BuildService } from "../builds/service.ts";
import { checkInputs } from "./kind.ts";
import { planRefinery } from "./run.ts";

export interface RefineryServiceOptions {
  home: string;
  builds: BuildService;
  folders: BuildFolders;
}

const KIND = "refinery";
type Inputs = z.infer<typeof refineryInputsSchema>["inputs"];

/** What the page does besides building: the plan before the start, looking through records, second tries. */
export class RefineryService {
  readonly #options: RefineryServiceOptions;
  /** Of the last build that was looked through. */
  readonly #indexes = new KeptIndexes<BrowseIndex>();

  constructor(options: RefineryServiceOptions) {
    this.#options = options;
  }

  /** What a build of this name would do with the inputs that are in its folder. */
  async plan(name: string, request: RefineryRequest): Promise<RefineryEstimate> {
    const { home, folders } = this.#options;
    const places = { home, folder: folders.locate(KIND, name) };
    checkInputs(request, places);
    return planRefinery(request, places);
  }

  /** Plans, drafts and critiques that lie in earlier builds. */
  async inputs(): Promise<Inputs> {
    const { folders } = this.#options;
    const names = await folders.names(KIND);
    const found = await Promise.all(
      names.map(async (build) => {
        if (!(await folders.hasBegun(KIND, build))) return [];
        const files = new Set((await folders.files(KIND, build)).map(({ name }) => name));
        return Object.entries(producedFiles).flatMap(([kind, file]) =>
          files.has(file)
            ? [{ kind: kind as Inputs[number]["kind"], build, path: `../${build}/${file}` }]
            : [],
        );
      }),
    );
    return found.flat();
  }

  async overview(name: string): Promise<RefineryOverview> {
    return (await this.#index(name)).overview;
  }

  /** @param page 0-based */
  async rows(
    name: string,
    filter: RefineryFilter,
    page: number,
  ): Promise<z.infer<typeof refineryRowsSchema>> {
    const found = matching((await this.#index(name)).rows, filter);
    const rows = found.slice(page * rowsPerPage, (page + 1) * rowsPerPage);
    return { total: found.length, rows: rows.map(({ place, plan, ...row }) => row) };
  }

  /** Throws `not-found`. */
  async detail(name: string, id: string): Promise<RefineryDetail> {
    const { byId, drafts, critiques } = await this.#index(name);
    const row = byId.get(id);
    if (!row) throw new AppError("not-found", `build ${name} has no outcome for ${JSON.stringify(id)}`);
    const { output, plan } = await this.#files(name);
    const draft = drafts?.entries.get(id);
    const critique = critiques?.entries.get(id);
    const shared = {
      id,
      prompt: row.plan && plan ? (await recordAt(plan, row.plan, planRecordSchema)).prompt : null,
      draft: drafts && draft ? draftText(await recordAt(drafts.file, draft, draftRecordSchema)) : null,
      critique: critiques && critique ? await recordAt(critiques.file, critique, critiqueRecordSchema) : null,
      reasons: row.reasons,
    };
    if (row.outcome === "accepted") {
      const file = await this.#require(output, outputFiles.accepted);
      const record = await recordAt(file, row.place, acceptedRecordSchema);
      return {
        ...shared,
        outcome: "accepted",
        refined: JSON.stringify(record.response, null, 1),
        contract: null,
        gates: record.quality.gates,
        teacher: record.teacher,
        created_at: record.created_at,
      };
    }
    const file = await this.#require(output, outputFiles.rejected);
    const record = await recordAt(file, row.place, rejectedRecordSchema);
    return {
      ...shared,
      outcome: "rejected",
      refined: record.raw_refined_text,
      contract: record.contract,
      gates: record.gates,
      teacher: record.teacher,
      created_at: record.created_at,
    };
  }

  /** Asks for rejected ids again. Throws `conflict` while the build runs. */
  async retry(name: string, ids: string[]): Promise<BuildSnapshot> {
    return this.#continue(name, { retry: ids, limit: null });
  }

  /** Goes on with what a limit left. Throws `conflict` while the build runs. */
  async rest(name: string): Promise<BuildSnapshot> {
    return this.#continue(name, { retry: [], limit: null });
  }

  /** Accepted contrast pairs as JSON Lines. */
  async pairs(name: string): Promise<string> {
    return formatJsonl(await acceptedPairs((await this.#files(name)).output));
  }

  async #continue(name: string, change: Partial<RefineryRequest>): Promise<BuildSnapshot> {
    const { builds } = this.#options;
    const { request } = await builds.get(KIND, name);
    return builds.continueWith(KIND, name, { ...refineryRequestSchema.parse(request), ...change });
  }

  async #files(name: string) {
    const { builds, folders } = this.#options;
    const request = refineryRequestSchema.parse((await builds.get(KIND, name)).request);
    const folder = folders.locate(KIND, name);
    const output = folders.output(KIND, name);
    const open = async (kind: keyof typeof producedFiles): Promise<LineFile | null> => {
      const given = request[kind];
      if (given === null) return output.open(producedFiles[kind]);
      return openLineFile(path.resolve(folder, given), path.basename(given));
    };
    return {
      output,
      plan: await open("plan"),
      drafts: await open("drafts"),
      critiques: await open("critiques"),
    };
  }

  /** Read anew once one of the build's files has changed. */
  async #index(name: string): Promise<BrowseIndex> {
    const { folders } = this.#options;
    const files = await folders.files(KIND, name);
    return this.#indexes.get(name, "all", JSON.stringify(files), async () => browse(await this.#files(name)));
  }

  async #require(output: OutputFolder, file: string): Promise<LineFile> {
    const opened = await output.open(file);
    if (opened) return opened;
    throw new AppError("not-found", `${file} is not there any more`);
  }
}
