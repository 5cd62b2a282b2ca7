import { type InferenceSession, Tensor } from "onnxruntime-web/webgpu";
import { AppError } from "#lib/core/errors.ts";
import {
  type Feed,
  type HostTensor,
  isKept,
  type KeptTensor,
  type RunOutputs,
  type Session,
} from "#lib/engine/session.ts";
import { hostTensor } from "#lib/engine/tensors.ts";
import { nextTask } from "./next-task.ts";

/** An output that stays in the graphics card's memory; with the WASM provider it is ordinary memory. */
class WebKept implements KeptTensor {
  readonly tensor: Tensor;

  constructor(tensor: Tensor) {
    this.tensor = tensor;
  }

  get dims(): readonly number[] {
    return this.tensor.dims;
  }

  async read(): Promise<HostTensor> {
    return hostTensor(this.tensor.type, this.tensor.dims, await this.tensor.getData());
  }

  dispose(): void {
    this.tensor.dispose();
  }
}

/** onnxruntime-web behind the engine's session port. */
export class WebSession implements Session {
  readonly #session: InferenceSession;

  constructor(session: InferenceSession) {
    this.#session = session;
  }

  async run(feeds: Record<string, Feed>, fetch: { read: string[]; keep?: string[] }): Promise<RunOutputs> {
    const keep = fetch.keep ?? [];
    const inputs = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, toOrt(feed)]));
    // The WASM provider never lets go of the worker's thread: an abort is heard between two runs, or not at all.
    await nextTask();
    const outputs = await this.#session.run(inputs, [...fetch.read, ...keep]);
    const output = (name: string) => {
      const tensor = outputs[name];
      if (tensor instanceof Tensor) return tensor;
      throw new AppError("internal", `the session gave no tensor ${name}`);
    };
    const read = fetch.read.map(output).map(({ type, dims, data }) => hostTensor(type, dims, data));
    return {
      read: Object.fromEntries(fetch.read.map((name, at) => [name, read[at] as HostTensor])),
      kept: Object.fromEntries(keep.map((name) => [name, new WebKept(output(name))])),
    };
  }

  dispose(): Promise<void> {
    return this.#session.release();
  }
}

function toOrt(feed: Feed): Tensor {
  if (!isKept(feed)) return new Tensor(feed.type, feed.data, feed.dims);
  if (feed instanceof WebKept) return feed.tensor;
  throw new AppError("internal", "a tensor of another runtime was fed to this one");
}
