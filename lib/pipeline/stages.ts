import { AppError } from "#lib/core/errors.ts";

/** The pipeline's stages in the order they run; a stage's number is its place here (product.md section 1). */
export const stageNames = [
  "vet-scenarios",
  "generate",
  "vet-responses",
  "capture",
  "extract",
  "evaluate",
  "steer",
] as const;

export type StageName = (typeof stageNames)[number];

// What the published pipeline calls the two vetting stages.
const SEED_LABELS: Record<string, StageName> = { "0.5": "vet-scenarios", "1.5": "vet-responses" };

/** 0 for vet-scenarios … 6 for steer. */
export function stageNumber(stage: StageName): number {
  return stageNames.indexOf(stage);
}

export function isStageName(text: string): text is StageName {
  return (stageNames as readonly string[]).includes(text);
}

/** Reads `--only-stage`: names, numbers 0-6 or the labels 0.5 and 1.5, comma-separated; in running order, no repeats. Throws `usage`. */
export function parseStages(text: string): StageName[] {
  const wanted = new Set(
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .map(parseStage),
  );
  if (wanted.size === 0) throw new AppError("usage", `no stage is named: write ${stageList()}`);
  return stageNames.filter((stage) => wanted.has(stage));
}

function parseStage(text: string): StageName {
  const name = SEED_LABELS[text] ?? (/^\d$/.test(text) ? stageNames[Number(text)] : text);
  if (name !== undefined && isStageName(name)) return name;
  throw new AppError("usage", `stage ${JSON.stringify(text)} is not known: write ${stageList()}`);
}

function stageList(): string {
  return stageNames.map((stage, number) => `${stage} (${number})`).join(", ");
}
