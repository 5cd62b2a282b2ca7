import { Check, Eraser, EyeOff, Pencil, WandSparkles, X } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { scoreOfStep } from "#lib/pipeline/human-labels.ts";
import type { Command } from "./keys.ts";

interface ItemActionsProps {
  /** False: there is nothing to have a verdict on. */
  vetted: boolean;
  labelled: boolean;
  hidden: boolean;
  onCommand(command: Command): void;
}

const steps = [1, 2, 3, 4, 5] as const;

/** What can be done to the item, with its key in each label. */
export function ItemActions({ vetted, labelled, hidden, onCommand }: ItemActionsProps) {
  return (
    <div className="space-y-2">
      <div role="toolbar" aria-label="Your verdict" className="flex flex-wrap gap-2">
        <Button disabled={!vetted} onClick={() => onCommand({ do: "accept" })}>
          <Check size={16} aria-hidden /> Accept (A)
        </Button>
        <Button disabled={!vetted} onClick={() => onCommand({ do: "reject" })}>
          <X size={16} aria-hidden /> Reject (X)
        </Button>
        {labelled && (
          <Button onClick={() => onCommand({ do: "clear" })}>
            <Eraser size={16} aria-hidden /> Clear (C)
          </Button>
        )}
        <Button onClick={() => onCommand({ do: "edit" })}>
          <Pencil size={16} aria-hidden /> Edit (E)
        </Button>
        <Button onClick={() => onCommand({ do: "suggest" })}>
          <WandSparkles size={16} aria-hidden /> Suggest a fix (F)
        </Button>
        <Button look="quiet" aria-pressed={hidden} onClick={() => onCommand({ do: "hide" })}>
          <EyeOff size={16} aria-hidden /> {hidden ? "Show" : "Hide"} scores (H)
        </Button>
      </div>
      <div role="toolbar" aria-label="Your score" className="flex flex-wrap items-center gap-1.5 text-sm">
        <span className="text-muted">How strongly does it show the trait?</span>
        {steps.map((step) => (
          <Button key={step} disabled={!vetted} onClick={() => onCommand({ do: "score", step })}>
            {step} <span className="font-normal text-muted text-xs">= {scoreOfStep(step)}</span>
          </Button>
        ))}
      </div>
    </div>
  );
}
