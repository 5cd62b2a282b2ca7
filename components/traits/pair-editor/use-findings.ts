import { useEffect, useRef, useState } from "react";
import { type Polarity, polarities } from "#lib/core/names.ts";
import type { Finding } from "#lib/traits/lint/finding.ts";
import type { ScenarioLayout } from "#lib/traits/scenario.ts";
import { Linter } from "./linter.ts";
import type { PairEditor } from "./pair-editor.ts";

const WHOLE_AFTER_MS = 300;

interface LintSubject {
  name: string;
  definition: string;
  layout: Record<Polarity, ScenarioLayout>;
}

/**
 * Lints what is in the editor: the pair that is typed in at once, everything once the typing rests, and marks it there.
 * @returns what the last whole pass found, null before the first; and what to call on each change
 */
export function useFindings(editor: PairEditor | null, subject: LintSubject) {
  const [found, setFound] = useState<{ findings: Finding[]; counts: Record<string, number> } | null>(null);
  const latest = useRef({ editor, subject });
  latest.current = { editor, subject };
  const linter = useRef<Linter | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const version = useRef(0);

  useEffect(() => {
    const made = new Linter();
    linter.current = made;
    return () => {
      clearTimeout(timer.current);
      linter.current = null;
      made.dispose();
    };
  }, []);

  const lintAll = () => {
    const { editor: pairs, subject: about } = latest.current;
    if (!pairs) return;
    const asked = version.current;
    const { name, layout } = about;
    const definition = about.definition.trim() === "" ? null : about.definition;
    linter.current?.lintTrait({ name, layout, definition, texts: pairs.texts }, (findings, counts) => {
      if (asked !== version.current || latest.current.editor !== pairs) return;
      for (const side of polarities) pairs.showFindings(side, findings);
      setFound({ findings, counts });
    });
  };

  const lintLine = (line: number) => {
    const { editor: pairs, subject: about } = latest.current;
    if (!pairs || Object.values(about.layout).includes("jsonl")) return;
    const asked = version.current;
    linter.current?.lintPair({ line, texts: pairs.pairAt(line) }, (found) => {
      if (asked !== version.current || latest.current.editor !== pairs) return;
      for (const side of polarities)
        if (line <= pairs.docs[side].lines) pairs.showFindings(side, found, line);
    });
  };

  /** A side changed; `line` is the one line that did, null where there were more. */
  const onChange = (line: number | null) => {
    version.current++;
    if (line !== null) lintLine(line);
    clearTimeout(timer.current);
    timer.current = setTimeout(lintAll, WHOLE_AFTER_MS);
  };

  // The definition counts, too: its words give the trait away.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new definition or editor is what asks for a new pass
  useEffect(() => {
    onChange(null);
  }, [editor, subject.definition]);

  return { found, onChange };
}
