import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { Draft, type SaveState } from "#lib/client/draft.ts";
import { messageOf } from "#lib/client/request.ts";
import { traitsApi } from "#lib/client/trait-queries.ts";
import { conflictOf } from "#lib/client/traits-api.ts";
import { AppError } from "#lib/core/errors.ts";
import type { SavedTrait, SaveTrait, Trait, TraitConflict } from "#lib/traits/api.ts";
import type { TraitTexts } from "#lib/traits/document.ts";
import { afterSave, changesOf, type TraitForm } from "./trait-form.ts";
import { useDraftGuard } from "./use-draft-guard.ts";

interface DraftHandlers {
  /** What is typed now. */
  read(): TraitForm;
  /** The files are others than what is typed, and nothing typed is unsaved: show them. */
  show(texts: TraitTexts): void;
}

/** What the history calls a save; an autosave where nothing is said. */
type SaveLabel = Pick<SaveTrait, "kind" | "note">;

/** Saves a trait as it is typed, and takes over what another program writes while nothing is unsaved. */
export function useTraitDraft(loaded: Trait, handlers: DraftHandlers) {
  const { trait } = loaded;
  const client = useQueryClient();
  const latest = useRef(handlers);
  latest.current = handlers;
  const [saved, setSaved] = useState<Trait>(loaded);
  const base = useRef<Trait>(loaded);
  const label = useRef<SaveLabel>({});
  const [state, setState] = useState<SaveState<TraitConflict>>({ kind: "saved", at: loaded.edited_at });

  const keep = useCallback(
    (next: Trait) => {
      base.current = next;
      setSaved(next);
      // Coming back to this page begins from here, not from what was once loaded.
      client.setQueryData(["trait", trait], next);
    },
    [client, trait],
  );

  const save = async (): Promise<string> => {
    const { version, texts, edited_at } = base.current;
    const changes = changesOf(latest.current.read(), texts);
    if (Object.keys(changes).length === 0) {
      label.current = {};
      return edited_at;
    }
    // An answer that was asked for before this save would look like another program's edit.
    await client.cancelQueries({ queryKey: ["trait", trait], exact: true });
    const answer = await traitsApi.save(trait, { base: version, texts: changes, ...label.current });
    label.current = {};
    keep(savedTrait(answer, afterSave(texts, changes)));
    void client.invalidateQueries({ queryKey: ["trait", trait, "revisions"] });
    void client.invalidateQueries({ queryKey: ["traits"] });
    return answer.edited_at;
  };

  const [draft] = useState(
    () => new Draft<TraitConflict>(loaded.edited_at, { save, conflictOf, onState: setState }),
  );

  useEffect(() => {
    if (draft.dirty || loaded.version === base.current.version) return;
    const here = Object.keys(changesOf(latest.current.read(), loaded.texts)).length === 0;
    keep(loaded);
    draft.settle(loaded.edited_at);
    if (here) return;
    latest.current.show(loaded.texts);
    toast.info(
      "The files were changed by another program; what they hold now is shown. Undo brings yours back.",
    );
  }, [loaded, draft, keep]);

  useDraftGuard(draft, {
    leaving: "What you typed last is not saved. Leave and lose it?",
    lost: `The last change of ${trait} was not saved: open it again.`,
  });

  /** Shows `disk`; what was typed stays in the history of the editor. */
  const take = (disk: Trait) => {
    label.current = {};
    keep(disk);
    latest.current.show(disk.texts);
    draft.settle(disk.edited_at);
  };

  /** Begins from `disk` and saves what is shown over it. */
  const overwrite = (disk: Trait) => {
    keep(disk);
    draft.settle();
  };

  /** Makes a revision the trait's files. @returns false where that failed; the person was told why */
  const restore = async (revision: number, texts: TraitTexts): Promise<boolean> => {
    try {
      if (!(await draft.flush())) return false;
      take(savedTrait(await traitsApi.restore(trait, revision, base.current.version), texts));
      void client.invalidateQueries({ queryKey: ["trait", trait, "revisions"] });
      return true;
    } catch (error) {
      toast.error(messageOf(error));
      return false;
    }
  };

  /** Shows other texts and saves them at once, as a revision of its own. Throws where what was typed before is not saved. */
  const put = async (texts: TraitTexts, as: SaveLabel) => {
    if (!(await draft.flush())) {
      throw new AppError("conflict", "What you typed before is not saved yet: settle that first.");
    }
    latest.current.show(texts);
    label.current = as;
    draft.touch();
    void draft.flush();
  };

  const touch = () => draft.touch();
  const flush = () => draft.flush();
  return { state, saved, touch, flush, take, overwrite, restore, put };
}

/** A save's answer with the texts that it wrote. */
function savedTrait({ changed, revision, ...trait }: SavedTrait, texts: TraitTexts): Trait {
  return { ...trait, texts };
}

export type TraitDraft = ReturnType<typeof useTraitDraft>;
