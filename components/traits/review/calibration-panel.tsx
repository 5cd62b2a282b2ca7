"use client";
import { useState } from "react";
import { toast } from "sonner";
import { decimal, percent, whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { useChangeConfig } from "#lib/client/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import type { Thresholds, Verdict } from "#lib/core/thresholds.ts";
import {
  type Calibration,
  calibrate,
  judgeName,
  labelsForCalibration,
  passesAt,
} from "#lib/pipeline/calibration.ts";
import type { VettingKind } from "#lib/pipeline/human-labels.ts";
import type { VettingFile } from "#lib/pipeline/vetting.ts";
import type { TraitVetting } from "#lib/pipeline/vetting-api.ts";
import { ThresholdFields } from "./threshold-fields.tsx";

interface CalibrationPanelProps {
  vetting: TraitVetting;
  file: VettingFile;
  kind: VettingKind;
}

/** How far the judge can be believed, and what other thresholds would do. */
export function CalibrationPanel({ vetting, file, kind }: CalibrationPanelProps) {
  const [thresholds, setThresholds] = useState<Thresholds>(vetting.thresholds);
  const { mutate, isPending } = useChangeConfig(vetting.experiment);
  const judge = judgeName(file.judge);
  const figures = calibrate(vetting.labels, kind, judge, thresholds);
  const now = passesAt(file.results, vetting.thresholds);
  const then = passesAt(file.results, thresholds);
  const scored = file.results.length - then.error;
  const same =
    thresholds.pos_threshold === vetting.thresholds.pos_threshold &&
    thresholds.neg_threshold === vetting.thresholds.neg_threshold;
  return (
    <>
      <Card title="Judge and you" hint={<span className="break-words">Labels on this judge: {judge}</span>}>
        <Figures figures={figures} />
      </Card>
      <Card title="Thresholds" hint="What would pass of all that has a score, by the judge alone.">
        <ThresholdFields thresholds={thresholds} onThresholds={setThresholds} />
        <p role="status" className="mt-2 text-sm">
          <strong>
            {whole(then.pass)} of {whole(scored)}
          </strong>{" "}
          would pass ({percent(scored === 0 ? null : then.pass / scored)}); {whole(then.ambiguous)} ambiguous,{" "}
          {whole(then.fail)} failing. At the experiment's {vetting.thresholds.pos_threshold} and{" "}
          {vetting.thresholds.neg_threshold}: {whole(now.pass)}.
        </p>
        <Button
          className="mt-2"
          look="primary"
          disabled={same || isPending}
          onClick={() =>
            mutate(thresholds, {
              onSuccess: () =>
                toast.success(`${vetting.experiment} uses the new thresholds: vet again to apply them.`),
              onError: (error) => toast.error(messageOf(error)),
            })
          }
        >
          Use these thresholds in {vetting.experiment}
        </Button>
      </Card>
    </>
  );
}

const verdicts = ["pass", "ambiguous", "fail", "error"] as const satisfies readonly Verdict[];
const verdictNames = { pass: "passes", ambiguous: "ambiguous", fail: "fails", error: "no score" };

function Figures({ figures }: { figures: Calibration }) {
  const { n, spearman, mae, missing, confusion, verdicts: labelled } = figures;
  const needed = Math.max(0, labelsForCalibration - n);
  const rows = [
    ["Spearman", decimal(spearman)],
    ["Mean difference", mae === null ? "–" : `${decimal(mae, 1)} points`],
    ["n", whole(n)],
  ] as const;
  return (
    <div className="space-y-3 text-sm">
      <p role="status">
        {needed === 0
          ? `${whole(n)} texts have a score of yours.`
          : `${whole(needed)} more of your scores (keys 1 to 5) until these figures say much.`}
        {missing > 0 && ` ${whole(missing)} more have no score of the judge's.`}
      </p>
      <Facts facts={rows} className="grid-cols-3 gap-2" />
      <table className="w-full">
        <caption className="mb-1 text-left text-muted text-xs">
          Your verdict by the judge's at the thresholds below, {whole(labelled)} texts
        </caption>
        <thead>
          <tr>
            <th scope="col" className="border-b p-1 text-left font-medium">
              you \ judge
            </th>
            {verdicts.map((verdict) => (
              <th key={verdict} scope="col" className="border-b p-1 text-right font-medium">
                {verdictNames[verdict]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(["pass", "fail"] as const).map((own) => (
            <tr key={own}>
              <th scope="row" className="border-b p-1 text-left font-medium">
                {verdictNames[own]}
              </th>
              {verdicts.map((verdict) => (
                <td
                  key={verdict}
                  className={`border-b p-1 text-right ${own === verdict && confusion[own][verdict] > 0 ? "font-semibold text-good" : ""}`}
                >
                  {confusion[own][verdict]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
