import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { CheckField, TextField } from "#components/ui/field.tsx";
import { useCreateExperiment, useSetJudgeKey } from "#lib/client/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import { isName, parseTraitId } from "#lib/core/names.ts";
import { JudgeFields, judgeConfig, judgeProblem } from "./judge-fields.tsx";

interface NewExperimentProps {
  trait: string;
  onCreated(name: string): void;
}

/** An experiment to vet this trait in. */
export function NewExperimentDialog({ trait, onCreated }: NewExperimentProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={<Button>New experiment…</Button>}
      title="New experiment"
      description="It names the model that completes the scenarios and the judge that scores them; everything can be changed later in its config.json."
    >
      <NewExperimentSheet
        trait={trait}
        onCreated={(name) => {
          setOpen(false);
          onCreated(name);
        }}
      />
    </Dialog>
  );
}

function NewExperimentSheet({ trait, onCreated }: NewExperimentProps) {
  const [form, setForm] = useState({
    name: parseTraitId(trait).trait,
    extractionModel: "demo",
    baseModel: true,
    judge: "builtin",
    model: "",
    key: "",
  });
  const create = useCreateExperiment();
  const setKey = useSetJudgeKey();
  const edit = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));
  const failed = create.error ?? setKey.error;
  const nameProblem = isName(form.name) ? undefined : "1 to 64 of a-z, 0-9, _ and -";
  const extractionModel = form.extractionModel.trim();
  const onSubmit = async () => {
    const { name } = form;
    await create.mutateAsync({
      name,
      config: {
        extraction_model: extractionModel,
        base_model: form.baseModel,
        ...judgeConfig(form),
        traits: [trait],
      },
    });
    if (form.key !== "") await setKey.mutateAsync({ endpoint: form.judge.trim(), key: form.key });
    onCreated(name);
  };
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit().catch(() => {});
      }}
    >
      <TextField
        label="Name"
        error={nameProblem}
        value={form.name}
        onChange={(event) => edit({ name: event.target.value })}
      />
      <TextField
        label="Extraction model"
        hint="demo (bundled, knows one made-up village), or an installed model’s name as its folder under models/ has it"
        value={form.extractionModel}
        onChange={(event) => edit({ extractionModel: event.target.value })}
      />
      <CheckField
        label="Base model"
        hint="it completes the line as plain text, 16 tokens of it; otherwise its chat template is applied and it answers with up to 150"
        checked={form.baseModel}
        onChange={(event) => edit({ baseModel: event.target.checked })}
      />
      <JudgeFields form={form} onEdit={edit} />
      {failed && <ErrorNote message={messageOf(failed)} />}
      <div className="flex justify-end">
        <Button
          look="primary"
          type="submit"
          disabled={
            nameProblem !== undefined ||
            extractionModel === "" ||
            judgeProblem(form) !== null ||
            create.isPending
          }
        >
          Create
        </Button>
      </div>
    </form>
  );
}
