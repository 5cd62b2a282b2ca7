"use client";
import { type ReactNode, useState } from "react";
import { toast } from "sonner";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { BuildSnapshot } from "#lib/builds/api.ts";
import { useDeleteBuild, useRestoreBuild } from "#lib/client/build-bin.ts";
import { messageOf } from "#lib/client/request.ts";

interface DeleteBuildProps extends Pick<BuildSnapshot, "kind" | "name"> {
  trigger: ReactNode;
  /** Before its data goes: whoever shows it should stop. */
  onDeleted?(): void;
}

/** Asks, then moves a build to the bin; a toast offers to take it back. */
export function DeleteBuild({ kind, name, trigger, onDeleted }: DeleteBuildProps) {
  const [open, setOpen] = useState(false);
  const remove = useDeleteBuild(kind);
  const restore = useRestoreBuild(kind);
  const confirm = async () => {
    try {
      const { id } = await remove.mutateAsync(name);
      const undo = () => restore.mutate({ id }, { onError: (error) => toast.error(messageOf(error)) });
      toast(`${name} is in the bin.`, { duration: 10_000, action: { label: "Undo", onClick: undo } });
      onDeleted?.();
    } catch (error) {
      toast.error(messageOf(error));
    }
    setOpen(false);
  };
  return (
    <Dialog
      trigger={trigger}
      title={`Delete ${name}?`}
      description="Its whole folder goes to the bin, with inputs and results; from there it can be restored."
      open={open}
      onOpenChange={setOpen}
    >
      <div className="flex justify-end gap-2">
        <Button onClick={() => setOpen(false)}>Keep it</Button>
        <Button look="danger" onClick={() => void confirm()} disabled={remove.isPending}>
          Delete
        </Button>
      </div>
    </Dialog>
  );
}
