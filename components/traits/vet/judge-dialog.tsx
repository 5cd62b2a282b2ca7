import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { useChangeConfig, useSetJudgeKey } from "#lib/client/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import type { TraitVetting } from "#lib/pipeline/vetting-api.ts";
import { JudgeFields, judgeConfig, judgeProblem } from "./judge-fields.tsx";

interface JudgeDialogProps {
  experiment: string;
  judge: TraitVetting["judge"];
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Another judge for all that this experiment vets. */
export function JudgeDialog({ experiment, judge, open, onOpenChange }: JudgeDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      trigger={<Button>Change the judge…</Button>}
      title="Change the judge"
      description={`For every trait of ${experiment}. Another judge scores everything anew; what this one scored stays in its cache.`}
    >
      <JudgeSheet experiment={experiment} judge={judge} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

interface JudgeSheetProps {
  experiment: string;
  judge: TraitVetting["judge"];
  onDone(): void;
}

function JudgeSheet({ experiment, judge, onDone }: JudgeSheetProps) {
  const [form, setForm] = useState({ judge: judge.judge, model: judge.model, key: "" });
  const change = useChangeConfig(experiment);
  const setKey = useSetJudgeKey();
  const failed = change.error ?? setKey.error;
  const save = async () => {
    if (form.key !== "") await setKey.mutateAsync({ endpoint: form.judge.trim(), key: form.key });
    await change.mutateAsync(judgeConfig(form));
    onDone();
  };
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault();
        save().catch(() => {});
      }}
    >
      <JudgeFields
        form={form}
        // A model's name belongs to its judge.
        onEdit={(edit) =>
          setForm((before) => ({ ...before, ...("judge" in edit ? { model: "" } : {}), ...edit }))
        }
      />
      {failed && <ErrorNote message={messageOf(failed)} />}
      <div className="flex justify-end">
        <Button look="primary" type="submit" disabled={judgeProblem(form) !== null || change.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
