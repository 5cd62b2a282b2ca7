import { useRef, useState } from "react";
import type { TraitTexts } from "#lib/traits/document.ts";
import type { PairEditor } from "../pair-editor/pair-editor.ts";
import { formOf, type TraitForm } from "./trait-form.ts";

/** What is typed: the pairs in their editor once that is there, everything else in fields. */
export function useTraitForm(texts: TraitTexts) {
  const [form, setForm] = useState(() => formOf(texts));
  const [editor, setEditor] = useState<PairEditor | null>(null);
  // What is typed, always: React's state comes too late for a save on leaving.
  const typed = useRef({ form, editor });
  const edit = (change: Partial<TraitForm>) => {
    typed.current.form = { ...typed.current.form, ...change };
    setForm(typed.current.form);
  };
  const read = (): TraitForm => {
    const { form: fields, editor: pairs } = typed.current;
    return pairs ? { ...fields, sides: pairs.texts } : fields;
  };
  /** Puts other texts in place of what is typed, as one step that the editor can undo. */
  const show = (next: TraitForm) => {
    typed.current.editor?.replaceTexts(next.sides);
    edit(next);
  };
  const onEditor = (made: PairEditor | null) => {
    if (!made) typed.current.form = read();
    typed.current.editor = made;
    setEditor(made);
  };
  return { form, editor, edit, read, show, onEditor };
}
