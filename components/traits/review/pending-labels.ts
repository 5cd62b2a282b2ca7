import { judgeName } from "#lib/pipeline/calibration.ts";
import {
  type HumanLabel,
  type HumanVerdict,
  labelKey,
  type VettingKind,
  vettingKinds,
} from "#lib/pipeline/human-labels.ts";
import { type Vetted, withLabels } from "#lib/pipeline/vetting.ts";
import type { TraitVetting } from "#lib/pipeline/vetting-api.ts";
import type { LabelChange } from "./history.ts";

/** A verdict that the server does not have yet. */
export type PendingLabel = Omit<LabelChange, "before" | "after"> & HumanVerdict;

export const noVerdict: HumanVerdict = { verdict: null, score: null };

/** What a person said of a vetted text. */
export function humanVerdictOf({ human_verdict, human_score }: Vetted): HumanVerdict {
  return { verdict: human_verdict ?? null, score: human_score ?? null };
}

export function pendingKey({ kind, ...label }: Pick<PendingLabel, "kind" | "polarity" | "text">): string {
  return `${kind} ${labelKey(label)}`;
}

const files = { scenario: "scenarios", response: "responses" } as const;

/** The vetting as it will be once `pending` is saved. */
export function withPending(vetting: TraitVetting, pending: readonly PendingLabel[]): TraitVetting {
  if (pending.length === 0) return vetting;
  const after = { ...vetting };
  for (const kind of vettingKinds) {
    const file = vetting[files[kind]];
    const own = pending.filter((label) => label.kind === kind);
    if (!file || own.length === 0) continue;
    const scores = scoresOf(vetting, kind);
    const rows = own.map(
      (label): HumanLabel => ({
        at: "",
        ...label,
        judge_score: scores.get(labelKey(label)) ?? null,
        judge: judgeName(file.judge),
      }),
    );
    after[files[kind]] = withLabels(file, kind, rows);
    after.labels = [...after.labels, ...rows];
  }
  return after;
}

/** The judge's scores of the vetted texts of one kind, by `labelKey`. */
export function scoresOf(vetting: TraitVetting, kind: VettingKind): Map<string, number | null> {
  return new Map(
    (vetting[files[kind]]?.results ?? []).map((result) => [
      labelKey({ polarity: result.polarity, text: result[kind] ?? "" }),
      result.score,
    ]),
  );
}
