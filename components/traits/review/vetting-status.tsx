"use client";
import Link from "next/link";
import { percent, whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import type { VettingKind } from "#lib/pipeline/human-labels.ts";
import type { VettingRound } from "#lib/pipeline/rounds.ts";
import type { QueueCounts } from "./queue.ts";
import { RevetStrip } from "./revet.tsx";

interface VettingStatusProps extends PassRatesProps {
  trait: string;
  vetted: boolean;
  /** What of the vetting no longer holds, in words. */
  notes: readonly string[];
  /** The run that vets again; null where none is watched. */
  run: string | null;
  starting: boolean;
  onStart(): void;
  onClose(): void;
}

/** How much passes, what is to be vetted again, and the run that does. */
export function VettingStatus(props: VettingStatusProps) {
  const { trait, kind, vetted, counts, rounds, notes, run, starting, onStart, onClose } = props;
  const { changed, error, rate } = counts;
  return (
    <>
      {vetted && (
        <div className="flex flex-wrap items-center gap-3">
          <PassRates kind={kind} counts={counts} rounds={rounds} />
          {(changed > 0 || error > 0 || notes.length > 0) && run === null && (
            <Button look="primary" disabled={starting} onClick={onStart}>
              {changed > 0 ? `Re-vet ${whole(changed)} changed` : "Vet again"}
            </Button>
          )}
          {notes.length > 0 && (
            <p className="text-sm text-warn">Since the last vetting: {notes.join("; ")}.</p>
          )}
          {rate === 1 && changed + error === 0 && (
            <p className="text-good text-sm">
              Everything passes.{" "}
              <Link href={`/traits/${trait}?tab=vet`} className="underline underline-offset-4">
                Back to the editor
              </Link>
            </p>
          )}
        </div>
      )}
      {run !== null && <RevetStrip key={run} runId={run} onClose={onClose} />}
    </>
  );
}

interface PassRatesProps {
  kind: VettingKind;
  counts: QueueCounts;
  rounds: readonly VettingRound[];
}

const SHOWN_ROUNDS = 4;

/** How many pass now, and in the rounds before. */
function PassRates({ kind, counts, rounds }: PassRatesProps) {
  const { pass, fail, ambiguous, error, changed, rate } = counts;
  const before = rounds
    .filter((round) => round.kind === kind)
    .slice(-SHOWN_ROUNDS)
    .map((round) => percent(round.pass_rate));
  const rest = [
    [fail, "failing"],
    [ambiguous, "ambiguous"],
    [error, "without a score"],
    [changed, "changed"],
  ] as const;
  return (
    <p role="status" className="text-sm">
      <strong className="text-base">{percent(rate)}</strong> of the {kind}s pass ({whole(pass)} of{" "}
      {whole(pass + fail + ambiguous)})
      {rest.map(([count, name]) => count > 0 && ` · ${whole(count)} ${name}`)}
      {before.length > 0 && (
        <span className="text-muted">
          {" "}
          · rounds: {before.join(" → ")} → now {percent(rate)}
        </span>
      )}
    </p>
  );
}
