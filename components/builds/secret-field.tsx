"use client";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { messageOf } from "#lib/client/request.ts";

interface SecretFieldProps {
  label: string;
  hint: string;
  /** Keeps it on the server; it is never sent back. */
  save(secret: string): Promise<unknown>;
}

/** A key that goes to the server and stays there. */
export function SecretField({ label, hint, save }: SecretFieldProps) {
  const [secret, setSecret] = useState("");
  const [saving, setSaving] = useState(false);
  const keep = async () => {
    setSaving(true);
    try {
      await save(secret);
      setSecret("");
      toast.success(`${label}: kept on the server`);
    } catch (error) {
      toast.error(messageOf(error));
    } finally {
      setSaving(false);
    }
  };
  return (
    <div className="flex items-start gap-2">
      <TextField
        className="flex-1"
        label={label}
        hint={hint}
        type="password"
        autoComplete="off"
        value={secret}
        onChange={(event) => setSecret(event.target.value)}
      />
      <Button className="mt-6" disabled={secret.trim() === "" || saving} onClick={keep}>
        Keep
      </Button>
    </div>
  );
}
