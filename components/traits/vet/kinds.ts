import type { VettingKind } from "#lib/pipeline/human-labels.ts";
import type { StageName } from "#lib/pipeline/stages.ts";

interface KindWords {
  title: string;
  /** Plural. */
  texts: string;
  hint: string;
  /** What the first run is called. */
  action: string;
  stages: StageName[];
}

export const vetKinds: Record<VettingKind, KindWords> = {
  scenario: {
    title: "Scenarios",
    texts: "scenarios",
    hint: "The judge scores each line by the completion it leads to.",
    action: "Vet scenarios",
    stages: ["vet-scenarios"],
  },
  response: {
    title: "Responses",
    texts: "responses",
    hint: "The model completes every line; the judge scores what it wrote, by itself.",
    action: "Generate and vet responses",
    stages: ["generate", "vet-responses"],
  },
};
