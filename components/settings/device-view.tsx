"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { probeDevice } from "#lib/browser/device-probe.ts";
import { createWebEngines } from "#lib/browser/engines.ts";
import { messageOf } from "#lib/client/request.ts";
import { DeviceCheckCard } from "./device-check-card.tsx";
import { DeviceFacts } from "./device-facts.tsx";
import { FetchModelCard } from "./fetch-model-card.tsx";
import { StoredModels } from "./stored-models.tsx";

/** What this browser can run models with, and the proof that it computes them right. */
export function DeviceView() {
  const probe = useQuery({ queryKey: ["device"], queryFn: probeDevice, staleTime: 0 });
  useEffect(() => {
    // For the developer tools' console: `await (await tiller.createWebEngines().load("demo", {device: "wasm"})).generate(…)`.
    Object.assign(window, { tiller: { createWebEngines } });
  }, []);
  return (
    <>
      <h1 className="font-semibold text-2xl">This browser's device</h1>
      <p className="mt-1 mb-5 max-w-prose text-muted">
        Models can run right here, on your own graphics card or processor: nothing you write leaves this
        machine.
      </p>
      <div className="grid gap-4 lg:grid-cols-2">
        {probe.isPending && <Skeleton lines={8} />}
        {probe.isError && <ErrorNote message={messageOf(probe.error)} />}
        {probe.data && <DeviceFacts probe={probe.data} />}
        <div className="grid content-start gap-4">
          <DeviceCheckCard webgpu={probe.data?.webgpu.available ?? true} />
          <FetchModelCard webgpu={probe.data?.webgpu.available ?? true} />
          <StoredModels storage={probe.data?.storage ?? null} />
        </div>
      </div>
    </>
  );
}
