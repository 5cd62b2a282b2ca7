"use client";
import { Copy } from "lucide-react";
import { toast } from "sonner";
import { Button } from "./button.tsx";

interface CopyableProps {
  text: string;
  /** What it is, for the button and the note: `command`, `code`. */
  what: string;
}

/** A command or some lines of code, with a button that copies them. */
export function Copyable({ text, what }: CopyableProps) {
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => toast.success(`The ${what} is copied`),
      () => toast.error("The browser did not allow copying; select the text instead"),
    );
  return (
    <div className="flex items-start gap-2 rounded-md border bg-raised p-2">
      <code className="min-w-0 flex-1 whitespace-pre-wrap break-words font-mono text-xs">{text}</code>
      <Button look="quiet" onClick={copy} aria-label={`Copy the ${what}`}>
        <Copy size={14} aria-hidden />
      </Button>
    </div>
  );
}
