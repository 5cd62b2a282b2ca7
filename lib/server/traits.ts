import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, type TraitId } from "#lib/core/names.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import { readTraitFolder } from "#lib/pipeline/trait-folder.ts";

/** What lists show of a trait. */
export interface TraitOverview {
  /** `category/trait` */
  trait: string;
  positives: number;
  negatives: number;
  questions: number;
  definition: boolean;
  /** Why its files cannot be read; null when they can. */
  problem: string | null;
}

/** Counts a trait's lines; a damaged folder is told as such. */
export async function describeTrait(artifacts: ArtifactStore, id: TraitId): Promise<TraitOverview> {
  const overview = { trait: formatTraitId(id), positives: 0, negatives: 0, questions: 0, definition: false };
  try {
    const { positive, negative, steering, definition } = await readTraitFolder(artifacts, id);
    return {
      ...overview,
      positives: positive.length,
      negatives: negative.length,
      questions: steering?.questions.length ?? 0,
      definition: definition !== null,
      problem: null,
    };
  } catch (error) {
    return { ...overview, problem: AppError.from(error).userMessage };
  }
}
