"use client";
import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

interface DialogProps {
  /** The control that opens it; none where `open` is set by other means. */
  trigger?: ReactNode;
  title: string;
  description: string;
  open?: boolean;
  onOpenChange?(open: boolean): void;
  /** Takes the focus when it closes; by default the trigger does. */
  onReturn?(): void;
  wide?: boolean;
  children: ReactNode;
}

/** A modal sheet; Escape and a click outside close it. */
export function Dialog({
  trigger,
  title,
  description,
  open,
  onOpenChange,
  onReturn,
  wide,
  children,
}: DialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>}
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-black/50" />
        <Primitive.Content
          className={classNames(
            "fixed inset-x-2 top-[4vh] z-50 mx-auto flex max-h-[92vh] flex-col rounded-lg border bg-surface shadow-xl",
            wide ? "max-w-5xl" : "max-w-3xl",
          )}
          {...(onReturn && {
            onCloseAutoFocus: (event: Event) => {
              event.preventDefault();
              onReturn();
            },
          })}
        >
          <header className="flex items-start justify-between gap-4 border-b p-4">
            <div>
              <Primitive.Title className="font-semibold text-lg">{title}</Primitive.Title>
              <Primitive.Description className="text-muted text-sm">{description}</Primitive.Description>
            </div>
            <Primitive.Close className="rounded p-1 hover:bg-raised" aria-label="Close">
              <X size={18} aria-hidden />
            </Primitive.Close>
          </header>
          <div className="min-h-0 overflow-y-auto p-4">{children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
