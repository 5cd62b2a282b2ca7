import { InferenceSession, Tensor } from "onnxruntime-node";
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
import { uninterrupted } from "./run-gate.ts";

/** An output that stays a tensor of the runtime. On the CPU provider reading it copies nothing. */
class OrtKept implements KeptTensor {
  readonly tensor: Tensor;

  constructor(tensor: Tensor) {
    this.tensor = tensor;
  }

  get dims(): readonly number[] {
    return this.tensor.dims;
  }

  async read(): Promise<HostTensor> {
    return toHost(this.tensor);
  }

  dispose(): void {
    this.tensor.dispose();
  }
}

/** onnxruntime-node behind the engine's session port. `run` blocks its thread: use it in a worker. */
export class OrtSession implements Session {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  static async create(graph: Uint8Array, options: InferenceSession.SessionOptions): Promise<OrtSession> {
    return new OrtSession(await uninterrupted(() => InferenceSession.create(graph, options)));
  }

  async run(feeds: Record<string, Feed>, fetch: { read: string[]; keep?: string[] }): Promise<RunOutputs> {
    const inputs = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, toOrt(feed)]));
    const keep = fetch.keep ?? [];
    const outputs = await uninterrupted(() => this.#session.run(inputs, [...fetch.read, ...keep]));
    const output = (name: string) => {
      const tensor = outputs[name];
      if (tensor instanceof Tensor) return tensor;
      throw new AppError("internal", `the session gave no tensor ${name}`);
    };
    return {
      read: Object.fromEntries(fetch.read.map((name) => [name, toHost(output(name))])),
      kept: Object.fromEntries(keep.map((name) => [name, new OrtKept(output(name))])),
    };
  }

  dispose(): Promise<void> {
    return uninterrupted(() => this.#session.release());
  }
}

function toOrt(feed: Feed): Tensor {
  if (isKept(feed)) {
    if (feed instanceof OrtKept) {
      if (feed.tensor.type !== "float16") return feed.tensor;
      return toOrt(toHost(feed.tensor));
    }
    throw new AppError("internal", "a tensor of another runtime was fed to this one");
  }
  if (feed.type === "float16" && feed.data instanceof Uint16Array) return halfTensor(feed.data, feed.dims);
  return new Tensor(feed.type, feed.data, feed.dims);
}

/**
 * Where the platform has Float16Array, a Tensor turns the bits into one, which onnxruntime-node 1.30's native code
 * takes for empty ("not enough space: expected 768, got 0"): it must find the bits as they are.
 */
function halfTensor(bits: Uint16Array, dims: readonly number[]): Tensor {
  return Object.defineProperty(new Tensor("float16", bits, dims), "data", { value: bits });
}

function toHost({ type, dims, data }: Tensor): HostTensor {
  return hostTensor(type, dims, data);
}
