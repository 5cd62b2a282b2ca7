"use client";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { messageOf } from "#lib/client/request.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { TextField } from "./field.tsx";

export interface NameDialogProps {
  trigger: ReactNode;
  title: string;
  description: string;
  /** What a name looks like. */
  hint: string;
  /** What is in the field at first. */
  name: string;
  /** What the button says. */
  action: string;
  /** Does it. A throw is shown beside the field; else the dialog closes. */
  onName(name: string): Promise<void>;
}

/** Asks for a name. */
export function NameDialog({ trigger, title, description, ...form }: NameDialogProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog trigger={trigger} title={title} description={description} open={open} onOpenChange={setOpen}>
      <NameForm {...form} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

interface NameFormProps extends Pick<NameDialogProps, "hint" | "name" | "action" | "onName"> {
  onDone(): void;
}

function NameForm({ hint, name: first, action, onName, onDone }: NameFormProps) {
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
        hint={hint}
        error={error ? messageOf(error) : undefined}
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
