import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { toast } from "sonner";
import { whole } from "#components/format.ts";
import { Draft, type SaveState } from "#lib/client/draft.ts";
import { useLabel } from "#lib/client/queries.ts";
import { AppError } from "#lib/core/errors.ts";
import { labelKey, type VettingKind, vettingKinds } from "#lib/pipeline/human-labels.ts";
import type { TraitVetting } from "#lib/pipeline/vetting-api.ts";
import { useDraftGuard } from "../editor/use-draft-guard.ts";
import { type PendingLabel, pendingKey, scoresOf, withPending } from "./pending-labels.ts";

const PER_REQUEST = 20_000;

/** A person's verdicts: counted on the page at once, saved one request at a time, kept until they are saved. */
export function useVerdicts(loaded: TraitVetting) {
  const { experiment, trait } = loaded;
  const client = useQueryClient();
  const { mutateAsync: post } = useLabel(experiment, trait);
  const pending = useRef(new Map<string, PendingLabel>());
  const [unsaved, setUnsaved] = useState<readonly PendingLabel[]>([]);
  const [state, setState] = useState<SaveState<never>>({ kind: "saved", at: "" });
  const queryKey = ["vetting", experiment, trait];

  const saveKind = async (kind: VettingKind) => {
    const rows = [...pending.current.values()].filter((label) => label.kind === kind);
    for (let at = 0; at < rows.length; at += PER_REQUEST) {
      const sent = rows.slice(at, at + PER_REQUEST);
      // An answer that was asked for before this save would show what was before it.
      await client.cancelQueries({ queryKey });
      await post({ kind, labels: sent.map(({ kind: _, ...label }) => label) });
      forget(sent);
    }
  };

  const forget = (labels: readonly PendingLabel[]) => {
    for (const label of labels) {
      // Said again meanwhile: that is still to be saved.
      if (pending.current.get(pendingKey(label)) === label) pending.current.delete(pendingKey(label));
    }
    setUnsaved([...pending.current.values()]);
  };

  /** Verdicts on texts that are no longer vetted cannot be kept; the others can. */
  const forgetGone = async () => {
    await client.refetchQueries({ queryKey });
    const now = client.getQueryData<TraitVetting>(queryKey);
    if (!now) return;
    const known = { scenario: scoresOf(now, "scenario"), response: scoresOf(now, "response") };
    const gone = [...pending.current.values()].filter((label) => !known[label.kind].has(labelKey(label)));
    if (gone.length === 0) return;
    forget(gone);
    toast.error(
      `${whole(gone.length)} of your verdicts were on texts that were vetted anew meanwhile and are others now: look at them again.`,
    );
  };

  const save = async (): Promise<string> => {
    for (const kind of vettingKinds) {
      try {
        await saveKind(kind);
      } catch (error) {
        if (AppError.from(error).code !== "conflict") throw error;
        await forgetGone();
        await saveKind(kind);
      }
    }
    return new Date().toISOString();
  };

  const latest = useRef(save);
  latest.current = save;
  const [draft] = useState(
    () => new Draft<never>("", { save: () => latest.current(), conflictOf: () => null, onState: setState }),
  );
  useDraftGuard(draft, {
    leaving: "Your last verdicts are not saved. Leave and lose them?",
    lost: `The last verdicts on ${trait} were not saved: give them again.`,
  });

  const say = (labels: readonly PendingLabel[]) => {
    for (const label of labels) pending.current.set(pendingKey(label), label);
    setUnsaved([...pending.current.values()]);
    draft.touch();
    void draft.flush();
  };

  const vetting = useMemo(() => withPending(loaded, unsaved), [loaded, unsaved]);
  return { vetting, say, state, flush: () => draft.flush() };
}
