import type { TraitTexts } from "#lib/traits/document.ts";

/** Where an import goes. */
export type ImportTarget =
  | {
      kind: "trait";
      /** Another one whenever `read` would give other texts. */
      version: string;
      /** What the trait holds now, with what is typed. */
      read(): TraitTexts;
      /** Takes the imported texts over. @param note where they come from. Throws AppError. */
      apply(texts: TraitTexts, note: string): Promise<void>;
    }
  | {
      kind: "new";
      /** Names that are taken. */
      taken: readonly string[];
      /** Throws AppError. */
      create(trait: string, texts: TraitTexts): Promise<void>;
      /** All are made. */
      done(traits: readonly string[]): void;
    };
