import { requestAdapter } from "#lib/browser/abilities.ts";
import { ownGraphicsDevice } from "#lib/browser/graphics-device.ts";
import { configureRuntime, openSession, type WebDevice } from "#lib/browser/runtime.ts";
import { promptFeeds } from "#lib/engine/feeds.ts";
import type { GraphSession } from "#lib/engine/graph-session.ts";
import { emptyPast } from "#lib/engine/kv-cache.ts";
import { asFloat32 } from "#lib/engine/tensors.ts";
import { instrument } from "#lib/onnx/index.ts";
import { answer } from "./answer.ts";

export type StatesQuestion =
  | { kind: "load"; model: string; device: WebDevice; threads: number }
  | { kind: "states"; rows: number[][]; start: number };

const dataFile = "model.onnx";
let open: GraphSession | undefined;

/** Every hidden state of the same graph is read, and the mean over the tokens from `start` is taken here. */
answer<StatesQuestion>(async (question) => {
  if (question.kind === "load") {
    const { model, device, threads } = question;
    const bytes = new Uint8Array(await (await fetch(`/models/${model}/onnx/${dataFile}`)).arrayBuffer());
    const graph = instrument(bytes, { variant: "capture", perToken: true, steer: false, dataFile });
    const runtime = {
      device,
      threads,
      graphics: device === "webgpu" ? await ownGraphicsDevice(await requestAdapter()) : null,
      onDeviceLost: (reason: string) => console.error(reason),
    };
    configureRuntime(runtime);
    const session = await openSession(graph.bytes, [], [{ path: dataFile, data: bytes }], runtime);
    open = { graph, session };
    return null;
  }
  if (!open) throw new Error("load comes first");
  const { graph, session } = open;
  const { rows, start } = question;
  const feeds = {
    ...promptFeeds(graph, rows, rows[0]?.length ?? 0),
    ...emptyPast(graph, rows.length, { kvHeads: undefined, headSize: undefined }),
  };
  const name = graph.captured.residual ?? "";
  const states = (await session.run(feeds, { read: [name] })).read[name];
  if (!states) throw new Error(`the graph gave no ${name}`);
  const [taps = 0, batch = 0, tokens = 0, hidden = 0] = states.dims;
  const values = asFloat32(states);
  const pooled = new Float32Array(taps * batch * hidden);
  for (let row = 0; row < taps * batch; row++) {
    const sums = pooled.subarray(row * hidden, (row + 1) * hidden);
    for (let token = start; token < tokens; token++) {
      const from = (row * tokens + token) * hidden;
      for (let at = 0; at < hidden; at++) sums[at] = (sums[at] ?? 0) + (values[from + at] ?? 0);
    }
    for (let at = 0; at < hidden; at++) sums[at] = (sums[at] ?? 0) / (tokens - start);
  }
  return { pooled, bytesRead: values.byteLength };
});
