import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, isName, type TraitId } from "#lib/core/names.ts";
import { experimentFolder, traitFolder } from "#lib/pipeline/paths.ts";
import { listTraits } from "#lib/pipeline/trait-list.ts";
import { parseVettingFile, summarise } from "#lib/pipeline/vetting.ts";
import type { TraitOverview } from "#lib/traits/api.ts";
import { readTrait, type TraitReading, textsOf } from "#lib/traits/document.ts";
import { formatProblem } from "#lib/traits/scenario.ts";
import type { FolderStore } from "../store/folder-store.ts";
import { readState } from "./state.ts";

type Vetting = NonNullable<TraitOverview["vetting"]>;

/** What lists show of the traits. Vetting files are large: their figures are kept until the file changes. */
export class TraitOverviews {
  readonly #store: FolderStore;
  readonly #rates = new Map<string, { modified: number; rate: number | null }>();

  constructor(store: FolderStore) {
    this.#store = store;
  }

  /** Every trait, by name. */
  async list(): Promise<TraitOverview[]> {
    const experiments = (await this.#store.folders("experiments")).filter(isName);
    const ids = await listTraits(this.#store);
    return Promise.all(ids.map((id) => this.#describe(id, experiments)));
  }

  /** Counts a trait's lines; a damaged folder is told as such. */
  async #describe(id: TraitId, experiments: readonly string[]): Promise<TraitOverview> {
    const folder = traitFolder(id);
    const state = await readState(this.#store, folder);
    const found = await Promise.all(
      [...(state?.files.keys() ?? [])].map((name) => this.#store.stat(`${folder}/${name}`)),
    );
    const edited = Math.max(0, ...found.map((file) => file?.modified.getTime() ?? 0));
    const overview = {
      trait: formatTraitId(id),
      positives: 0,
      negatives: 0,
      questions: 0,
      definition: false,
      edited_at: new Date(edited).toISOString(),
      vetting: await this.#newestVetting(id, experiments),
    };
    try {
      const reading = readTrait(textsOf(state?.files ?? new Map(), folder));
      return { ...overview, ...countsOf(reading), problem: firstProblem(reading, folder) };
    } catch (error) {
      return { ...overview, problem: AppError.from(error).userMessage };
    }
  }

  async #newestVetting(id: TraitId, experiments: readonly string[]): Promise<Vetting | null> {
    let newest: { experiment: string; files: VettingFiles } | null = null;
    for (const experiment of experiments) {
      const files = await this.#vettingFiles(experiment, id);
      if (files.modified > (newest?.files.modified ?? 0)) newest = { experiment, files };
    }
    if (!newest) return null;
    const { experiment, files } = newest;
    return {
      experiment,
      at: new Date(files.modified).toISOString(),
      scenario_pass_rate: await this.#passRate(files.scenarios),
      response_pass_rate: await this.#passRate(files.responses),
    };
  }

  async #vettingFiles(experiment: string, id: TraitId): Promise<VettingFiles> {
    const folder = `${experimentFolder(experiment)}/extraction/${formatTraitId(id)}/vetting`;
    const scenarios = await this.#stamp(`${folder}/scenario_scores.json`);
    const responses = await this.#stamp(`${folder}/response_scores.json`);
    return { scenarios, responses, modified: Math.max(scenarios.modified, responses.modified) };
  }

  async #stamp(path: string): Promise<Stamp> {
    const found = await this.#store.stat(path);
    return { path, modified: found?.modified.getTime() ?? 0 };
  }

  async #passRate({ path, modified }: Stamp): Promise<number | null> {
    const known = this.#rates.get(path);
    if (known?.modified === modified) return known.rate;
    const rate = await readPassRate(this.#store, path);
    this.#rates.set(path, { modified, rate });
    return rate;
  }
}

/** A file and when it changed, in milliseconds; 0 when it is not there. */
interface Stamp {
  path: string;
  modified: number;
}

interface VettingFiles {
  scenarios: Stamp;
  responses: Stamp;
  modified: number;
}

/** Null where there is no such file, or none that can be read: the experiment's page says why. */
async function readPassRate(store: FolderStore, path: string): Promise<number | null> {
  try {
    const text = await store.readText(path);
    if (text === null) return null;
    return summarise(parseVettingFile(text, path).results).summary.pass_rate ?? null;
  } catch {
    return null;
  }
}

function countsOf({ counts, steering, definition }: TraitReading) {
  return {
    positives: counts.positive,
    negatives: counts.negative,
    questions: steering?.questions.length ?? 0,
    definition: definition !== null,
  };
}

function firstProblem({ problems }: TraitReading, folder: string): string | null {
  const [first] = problems;
  return first ? `${folder}/${formatProblem(first)}` : null;
}
