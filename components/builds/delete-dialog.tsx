"use client";
import { toast } from "sonner";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import type { BuildSnapshot } from "#lib/builds/api.ts";
import { useDeleteBuild, useRestoreBuild } from "#lib/client/build-bin.ts";
import { messageOf } from "#lib/client/request.ts";

interface DeleteDialogProps extends Pick<BuildSnapshot, "kind" | "name"> {
  onDeleted?: (() => void) | undefined;
  onClose(): void;
  /** Takes the focus when it closes. */
  opener: HTMLElement | null;
}

/** Asks, then moves a build to the bin; a toast offers to take it back. */
export function DeleteDialog({ kind, name, onDeleted, onClose, opener }: DeleteDialogProps) {
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
    onClose();
  };
  return (
    <Dialog
      title={`Delete ${name}?`}
      description="Its whole folder goes to the bin, with inputs and results; from there it can be restored."
      open
      onOpenChange={onClose}
      onReturn={() => opener?.focus()}
    >
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Keep it</Button>
        <Button look="danger" onClick={() => void confirm()} disabled={remove.isPending}>
          Delete
        </Button>
      </div>
    </Dialog>
  );
}
