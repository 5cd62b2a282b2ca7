import type { BuildLayout } from "./layouts/names.ts";
import type { PersonaPrompts } from "./persona-prompts.ts";
import type { BuildSettings, Scenario } from "./records.ts";
import type { StreamedScenario } from "./scenarios/stream.ts";

/** One dataset: one personality over one source. */
export interface DatasetPlan {
  settings: BuildSettings;
  layout: BuildLayout;
  /** In the output folder: "" or `name/`. */
  folder: string;
  prompts: PersonaPrompts;
  /** From the first, each time. */
  scenarios(): AsyncIterable<StreamedScenario>;
  /** Of the source; null where nobody has counted. */
  rows: number | null;
  limit: number | null;
  /** Samples under way at once. */
  workers: number;
  checkpointInterval: number;
}

/** A scenario that is to be asked about. */
export type Asked = StreamedScenario & { scenario: Scenario };
