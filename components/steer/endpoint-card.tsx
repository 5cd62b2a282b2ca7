"use client";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { TextField } from "#components/ui/field.tsx";
import { presetNameSchema } from "#lib/chat/presets.ts";
import type { SteeringChoice } from "#lib/chat/steering-choice.ts";
import { useApiTokens, useChangeApiTokens } from "#lib/client/chat/queries.ts";
import { messageOf } from "#lib/client/request.ts";

/** The same model and steering for other tools: address, token, lines to copy. */
export function EndpointCard({ model, steering }: { model: string; steering: SteeringChoice | null }) {
  const [open, setOpen] = useState(false);
  return (
    <Card
      title="Endpoint"
      hint="Any tool that speaks OpenAI's API can use this model with these vectors; presets are models by their names."
      actions={
        <Button aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Hide" : "Show how"}
        </Button>
      }
    >
      {open && (
        <div className="grid gap-4 lg:grid-cols-2">
          <Copyable what="code" text={pythonFor(`${location.origin}/api/v1`, model, steering)} />
          <Tokens />
        </div>
      )}
    </Card>
  );
}

function Tokens() {
  const { data, error } = useApiTokens();
  const { create, remove } = useChangeApiTokens();
  const [name, setName] = useState("");
  const bad = name === "" ? undefined : presetNameSchema.safeParse(name).error?.issues[0]?.message;
  const failure = error ?? create.error ?? remove.error;
  return (
    <div className="grid content-start gap-3">
      <form
        className="flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (name !== "" && bad === undefined) create.mutate(name, { onSuccess: () => setName("") });
        }}
      >
        <TextField
          className="flex-1"
          label="New API token"
          placeholder="notebook"
          hint="A name to know it by. Other programs send the token as their API key."
          value={name}
          error={bad}
          onChange={(event) => setName(event.target.value.trim())}
        />
        <Button type="submit" disabled={name === "" || bad !== undefined || create.isPending}>
          Make
        </Button>
      </form>
      {create.data && (
        <div role="status" className="grid gap-1 text-sm">
          Shown this once: keep it where the program reads its key.
          <Copyable what="token" text={create.data.token} />
        </div>
      )}
      {failure && <ErrorNote message={messageOf(failure)} />}
      {data && data.tokens.length > 0 && (
        <ul className="divide-y text-sm" aria-label="API tokens">
          {data.tokens.map((token) => (
            <li key={token.name} className="flex items-center justify-between gap-2 py-1">
              {token.name}
              <Button
                look="danger"
                aria-label={`Remove token ${token.name}`}
                onClick={() => remove.mutate(token.name)}
              >
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function pythonFor(base: string, model: string, steering: SteeringChoice | null): string {
  const extra = steering ? `\n    extra_body={"steering": ${pythonOf(steering)}},` : "";
  return `from openai import OpenAI

client = OpenAI(base_url="${base}", api_key="tiller_…")
answer = client.chat.completions.create(
    model=${JSON.stringify(model)},
    messages=[{"role": "user", "content": "How was your day?"}],
    temperature=0, max_tokens=120,${extra}
)
print(answer.choices[0].message.content)`;
}

/** JSON without booleans and nulls is Python, too. */
function pythonOf(steering: SteeringChoice): string {
  return JSON.stringify(steering).replaceAll(",", ", ").replaceAll('":', '": ');
}
