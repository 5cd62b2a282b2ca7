import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { size } from "#lib/browser/device-fit.ts";
import type { AdapterProbe, DeviceProbe } from "#lib/browser/device-probe.ts";

/** What the browser says of its graphics adapter, processor and isolation, with what follows from it. */
export function DeviceFacts({ probe }: { probe: DeviceProbe }) {
  const { webgpu, wasm, cores, memory } = probe;
  return (
    <Card title="What this browser offers">
      <dl className="grid gap-x-4 gap-y-2 text-sm sm:grid-cols-[max-content_1fr]">
        <Fact name="WebGPU">
          {webgpu.available ? (
            <>
              <Badge tone={webgpu.software ? "warn" : "good"}>
                {webgpu.software ? "in software" : "available"}
              </Badge>{" "}
              {webgpu.name}
              {webgpu.software && (
                <Note>Emulated on the processor: right, and slow. WASM is quicker here.</Note>
              )}
            </>
          ) : (
            <>
              <Badge tone="bad">not available</Badge> {webgpu.reason}
            </>
          )}
        </Fact>
        {webgpu.available && <AdapterFacts adapter={webgpu} />}
        <Fact name="WASM threads">
          {wasm.threads} of {cores} cores
          {wasm.threads === 1 && !wasm.isolated && (
            <Note>The page is not cross-origin isolated, so WebAssembly gets one thread.</Note>
          )}
        </Fact>
        <Fact name="Isolation">
          {wasm.isolated ? (
            <Badge tone="good">cross-origin isolated</Badge>
          ) : (
            <>
              <Badge tone="warn">not isolated</Badge>
              <Note>
                Threads need the headers Cross-Origin-Opener-Policy: same-origin and
                Cross-Origin-Embedder-Policy: require-corp, which Tiller's server sends: something in between
                removes them.
              </Note>
            </>
          )}
        </Fact>
        <Fact name="Memory">
          {memory === null ? "not told by this browser" : `${memory} GB or more, as the browser tells`}
        </Fact>
      </dl>
    </Card>
  );
}

function AdapterFacts({ adapter: { features, limits } }: { adapter: AdapterProbe }) {
  const half = features.includes("shader-f16");
  return (
    <>
      <Fact name="Half precision">
        {half ? "yes (shader-f16)" : "no (shader-f16 is missing)"}
        {!half && <Note>Models in fp16 and q4f16 cannot run: fp32 and q4 are chosen instead.</Note>}
      </Fact>
      <Fact name="Largest buffer">
        {size(Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize))}
        <Note>A model's largest weight must fit in it.</Note>
      </Fact>
      <Fact name="Limits">
        <ul className="font-mono text-xs">
          {Object.entries(limits).map(([name, value]) => (
            <li key={name} className="break-all">
              {name} {/(Size|StorageSize)$/.test(name) ? size(value) : value}
            </li>
          ))}
        </ul>
      </Fact>
      <Fact name="Features">
        <span className="font-mono text-xs">{features.join(", ") || "none"}</span>
      </Fact>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Note({ children }: { children: ReactNode }) {
  return <p className="text-muted">{children}</p>;
}
