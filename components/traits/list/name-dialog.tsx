"use client";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { TextField } from "#components/ui/field.tsx";
import { messageOf } from "#lib/client/request.ts";

interface NameDialogProps {
  trigger: ReactNode;
  title: string;
  description: string;
  /** What is in the field at first. */
  name: string;
  /** What the button says. */
  action: string;
  /** Does it. A throw is shown beside the field; else the dialog closes. */
  onName(name: string): Promise<void>;
}

/** Asks for a trait's name: `category/trait`. */
export function NameDialog({ trigger, title, description, name, action, onName }: NameDialogProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog trigger={trigger} title={title} description={description} open={open} onOpenChange={setOpen}>
      <NameForm name={name} action={action} onName={onName} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

interface NameFormProps extends Pick<NameDialogProps, "name" | "action" | "onName"> {
  onDone(): void;
}

function NameForm({ name: first, action, onName, onDone }: NameFormProps) {
  const [name, setName] = useState(first);
  const { mutate, error, isPending } = useMutation({ mutationFn: onName, onSuccess: onDone });
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        mutate(name.trim());
      }}
    >
      <TextField
        label="Name"
        hint="category/trait, with a-z, 0-9, _ and -; for example mine/kindness"
        error={error ? messageOf(error) : undefined}
        placeholder="mine/kindness"
        autoCapitalize="none"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <div className="flex justify-end">
        <Button look="primary" type="submit" disabled={isPending || name.trim() === "" || name === first}>
          {action}
        </Button>
      </div>
    </form>
  );
}
