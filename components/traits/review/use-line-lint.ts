import { useEffect, useRef } from "react";
import { parseTraitId } from "#lib/core/names.ts";
import type { Finding } from "#lib/traits/lint/finding.ts";
import type { TraitForm } from "../editor/trait-form.ts";
import { Linter } from "../pair-editor/linter.ts";
import type { QueueItem } from "./queue.ts";

/** What looks weak in another line at an item's place, beside its partner and in the light of the trait as it is. */
export function useLineLint(trait: string, form: TraitForm) {
  const linter = useRef<Linter | null>(null);
  const told = useRef<TraitForm | null>(null);
  useEffect(
    () => () => {
      linter.current?.dispose();
      linter.current = null;
      told.current = null;
    },
    [],
  );
  return ({ line: { polarity, index, partner } }: QueueItem, line: string) =>
    new Promise<Finding[]>((resolve) => {
      linter.current ??= new Linter();
      if (told.current !== form) {
        told.current = form;
        const { sides, layout, definition } = form;
        const rubric = definition.trim() === "" ? null : definition;
        const subject = { name: parseTraitId(trait).trait, texts: sides, layout, definition: rubric };
        linter.current.lintTrait(subject, () => {});
      }
      const texts =
        polarity === "positive"
          ? { positive: line, negative: partner ?? "" }
          : { positive: partner ?? "", negative: line };
      linter.current.lintPair({ line: index + 1, texts }, (found) =>
        resolve(found.filter((finding) => finding.polarity === null || finding.polarity === polarity)),
      );
    });
}
