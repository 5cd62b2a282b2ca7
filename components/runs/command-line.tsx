"use client";
import { Copy } from "lucide-react";
import { toast } from "sonner";
import { Button } from "#components/ui/button.tsx";

/** The same run as a command to copy. */
export function CommandLine({ command }: { command: string }) {
  const copy = () =>
    navigator.clipboard.writeText(command).then(
      () => toast.success("Command copied"),
      () => toast.error("The browser did not allow copying; select the text instead"),
    );
  return (
    <div className="flex items-start gap-2 rounded-md border bg-raised p-2">
      <code className="min-w-0 flex-1 break-words font-mono text-xs">{command}</code>
      <Button look="quiet" onClick={copy} aria-label="Copy the command">
        <Copy size={14} aria-hidden />
      </Button>
    </div>
  );
}
