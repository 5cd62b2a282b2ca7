import { toast } from "sonner";
import { Button } from "#components/ui/button.tsx";
import { type RunAction, useRunAction } from "#lib/client/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import type { RunSnapshot } from "#lib/pipeline/api.ts";

/** What can be done with a run as it stands. */
export function RunButtons({ run }: { run: RunSnapshot }) {
  const { mutate, isPending } = useRunAction(run.run_id);
  const button = (
    action: RunAction,
    label: string,
    look: "primary" | "secondary" | "danger" = "secondary",
  ) => (
    <Button
      look={look}
      disabled={isPending}
      onClick={() => mutate(action, { onError: (error) => toast.error(messageOf(error)) })}
    >
      {label}
    </Button>
  );
  const active = run.state === "running" || run.state === "queued";
  const halted = run.state === "paused" || run.state === "interrupted";
  return (
    <div className="flex flex-wrap gap-2">
      {active && button("pause", "Pause")}
      {(halted || run.state === "cancelled") && button("resume", "Resume", "primary")}
      {run.state === "failed" && button("resume", "Try again", "primary")}
      {run.state === "done" && run.failures.length > 0 && button("retry", "Retry failed items", "primary")}
      {(active || halted) && button("cancel", "Cancel", "danger")}
    </div>
  );
}
