"use client";
import { Keyboard } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { keyHelp } from "./keys.ts";

interface KeysDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  /** Takes the focus when it closes. */
  onReturn(): void;
}

/** What the keys do. */
export function KeysDialog({ open, onOpenChange, onReturn }: KeysDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      onReturn={onReturn}
      title="Keys of the review"
      description="They act while the focus is in the review and not in a field. ⌘ for Ctrl on a Mac."
      trigger={
        <Button look="quiet">
          <Keyboard size={16} aria-hidden /> Keys (?)
        </Button>
      }
    >
      <dl tabIndex={0} className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 text-sm">
        {keyHelp.map(([keys, does]) => (
          <div key={keys} className="contents">
            <dt>
              <kbd className="whitespace-nowrap rounded border bg-raised px-1.5 py-0.5 font-mono text-xs">
                {keys}
              </kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
