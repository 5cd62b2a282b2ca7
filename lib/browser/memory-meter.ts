import type { MemoryInUse } from "#lib/engine/contract.ts";

// The runtime gives neither its heap nor its buffers away: both are counted where it makes them. For workers only.

/** Counts what is made from now on; called once, before the runtime starts. @returns what is held at the time of a call */
export function meterMemory(): () => MemoryInUse {
  const heaps: WebAssembly.Memory[] = [];
  WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
    construct(target, given) {
      const memory: WebAssembly.Memory = Reflect.construct(target, given);
      heaps.push(memory);
      return memory;
    },
  });
  const buffers = countBuffers();
  return () => ({ heap: heaps.reduce((sum, { buffer }) => sum + buffer.byteLength, 0), graphics: buffers() });
}

/** Bytes of graphics buffers that are made and not destroyed. */
function countBuffers(): () => number {
  let held = 0;
  if (!("GPUDevice" in self)) return () => 0;
  const alive = new WeakSet<GPUBuffer>();
  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    alive.add(buffer);
    held += buffer.size;
    return buffer;
  };
  const { destroy } = GPUBuffer.prototype;
  GPUBuffer.prototype.destroy = function () {
    if (alive.delete(this)) held -= this.size;
    return destroy.call(this);
  };
  return () => held;
}
