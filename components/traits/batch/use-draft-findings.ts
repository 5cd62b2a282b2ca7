import { useEffect, useState } from "react";
import type { DraftPair } from "#lib/authoring/api.ts";
import { parseTraitId } from "#lib/core/names.ts";
import type { TraitTexts } from "#lib/traits/document.ts";
import type { Finding } from "#lib/traits/lint/finding.ts";
import { formOf } from "../editor/trait-form.ts";
import { Linter } from "../pair-editor/linter.ts";

/** What looks weak in each drafted pair, in the light of the trait as it is; null until it was looked at. */
export function useDraftFindings(trait: string, texts: TraitTexts, pairs: readonly DraftPair[]) {
  const [findings, setFindings] = useState<readonly (Finding[] | null)[]>([]);
  useEffect(() => {
    const linter = new Linter();
    const { sides, layout, definition } = formOf(texts);
    const rubric = definition.trim() === "" ? null : definition;
    // The trait's own findings are shown elsewhere; what it tells of the trait is what single pairs are judged by.
    const subject = { name: parseTraitId(trait).trait, texts: sides, layout, definition: rubric };
    linter.lintTrait(subject, () => {});
    for (const [at, pair] of pairs.entries()) {
      linter.lintPair({ line: at + 1, texts: pair }, (found) =>
        setFindings((before) => pairs.map((_, each) => (each === at ? found : (before[each] ?? null)))),
      );
    }
    return () => linter.dispose();
  }, [trait, texts, pairs]);
  return findings;
}
