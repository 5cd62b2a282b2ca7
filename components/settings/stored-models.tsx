"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { size } from "#lib/browser/device-fit.ts";
import type { DeviceProbe } from "#lib/browser/device-probe.ts";
import { forgetModels } from "#lib/browser/model-cache.ts";
import { messageOf } from "#lib/client/request.ts";

/** The models that this browser keeps, so that they are fetched once only. */
export function StoredModels({ storage }: { storage: DeviceProbe["storage"] }) {
  const client = useQueryClient();
  const forget = useMutation({
    mutationFn: forgetModels,
    onSuccess: () => client.invalidateQueries({ queryKey: ["device"] }),
  });
  return (
    <Card
      title="Stored models"
      hint="Model files stay in this browser, checked by their SHA-256 whenever they are read."
      actions={
        <Button look="danger" disabled={forget.isPending} onClick={() => forget.mutate()}>
          Remove all
        </Button>
      }
    >
      <p className="text-sm">
        {storage ? `${size(storage.used)} used of ${size(storage.allowed)}` : "This browser does not tell."}
      </p>
      {forget.isError && <ErrorNote message={messageOf(forget.error)} />}
    </Card>
  );
}
