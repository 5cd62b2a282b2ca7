"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { type ModelWish, offerModel } from "#lib/browser/choose-model.ts";
import { size } from "#lib/browser/device-fit.ts";
import { createWebEngines } from "#lib/browser/engines.ts";
import { hubOrigin, serverOrigin } from "#lib/browser/model-origin.ts";
import type { WebDevice } from "#lib/browser/runtime.ts";
import { messageOf } from "#lib/client/request.ts";

const origins = { server: serverOrigin, hub: hubOrigin };
const plainVariant = "full precision";

/** Brings a model into this browser ahead of a run: where from, how large, whether it fits, then the download. */
export function FetchModelCard({ webgpu }: { webgpu: boolean }) {
  const client = useQueryClient();
  const [origin, setOrigin] = useState<keyof typeof origins>("server");
  const [progress, setProgress] = useState("");
  const device: WebDevice = webgpu ? "webgpu" : "wasm";
  const lookUp = useMutation({ mutationFn: (wish: ModelWish) => offerModel(wish, device) });
  const fetch = useMutation({
    mutationFn: async ({ modelId, ...options }: ModelWish) => {
      const engines = createWebEngines(options);
      try {
        await engines.load(modelId, { device, onProgress: setProgress });
      } finally {
        await engines.dispose();
        await client.invalidateQueries({ queryKey: ["device"] });
      }
    },
  });
  const look = (wish: ModelWish) => {
    fetch.reset();
    setProgress("");
    lookUp.mutate(wish);
  };
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const modelId = String(new FormData(event.currentTarget).get("model")).trim();
    if (modelId) look({ modelId, origin: origins[origin] });
  };
  const offer = lookUp.data;
  const wish = lookUp.variables;
  return (
    <Card title="Fetch a model" hint="Before a run, so that the run need not wait for it.">
      <form onSubmit={onSubmit} className="grid items-end gap-3 sm:grid-cols-[1fr_12rem_auto]">
        <TextField label="Model" name="model" defaultValue="demo" required />
        <SelectField
          label="From"
          value={origin}
          onChange={(event) => setOrigin(event.target.value === "hub" ? "hub" : "server")}
        >
          <option value="server">this server</option>
          <option value="hub">the Hugging Face Hub</option>
        </SelectField>
        <Button type="submit" disabled={lookUp.isPending || fetch.isPending}>
          Look up
        </Button>
      </form>
      {lookUp.isError && <ErrorNote message={messageOf(lookUp.error)} />}
      {offer && wish && (
        <div className="mt-3 grid gap-2 text-sm">
          <p>
            {offer.listing.id}: {size(offer.bytes)} in {offer.listing.files.length} files
            {offer.problem && <span className="text-bad">; it {offer.problem}</span>}
          </p>
          <div className="flex flex-wrap items-end gap-3">
            <SelectField
              label="Weights"
              value={offer.listing.variant}
              disabled={fetch.isPending}
              onChange={(event) => look({ ...wish, variant: event.target.value })}
            >
              {offer.listing.variants.map((variant) => (
                <option key={variant} value={variant}>
                  {variant || plainVariant}
                </option>
              ))}
            </SelectField>
            <Button
              look="primary"
              disabled={fetch.isPending || offer.problem !== null}
              onClick={() => fetch.mutate({ ...wish, variant: offer.listing.variant })}
            >
              {fetch.isPending ? "Fetching…" : `Fetch ${size(offer.bytes)}`}
            </Button>
          </div>
          <p role="status" className="text-muted">
            {fetch.isSuccess ? `${progress}: kept in this browser` : progress}
          </p>
        </div>
      )}
      {fetch.isError && <ErrorNote message={messageOf(fetch.error)} />}
    </Card>
  );
}
